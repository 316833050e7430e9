import { between, hash, mix, mixRgb, n, smooth } from './expressions.ts';
import type { Mood } from './moods.ts';
import type { Dice } from './seed.ts';
import { type Canvas, even, sheet, turnOf } from './sheet.ts';

/** From zenith over the middle to the horizon, and brighter around the light. Painted small, as it is all soft. */
export function skyLayer(canvas: Canvas, mood: Mood): string {
  const { width, height, light, unit } = canvas;
  const [zenith, middle, low] = mood.sky;
  const away = `hypot(X-${n(light.x)},Y-${n(light.y)})`;
  const glow = `min(1,0.78*exp(-pow(${away}/${n(light.radius * 1.75)},1.5))+0.34*exp(-${away}/${n(unit / 2.6)}))`;
  const horizon = canvas.horizon;
  const upper = `clip(Y/${n(horizon * 0.58)},0,1)`;
  const lower = `pow(clip((Y-${n(horizon * 0.58)})/${n(horizon * 0.46)},0,1),0.9)`;
  const channel = (i: 0 | 1 | 2) => {
    const ground = `(${mix(zenith[i], middle[i], upper)}+(${n(low[i] - middle[i])})*${lower})`;
    return `'${ground}+(${n(mood.light[i])}-${ground})*${glow}'`;
  };
  return `${sheet(width, height, 'gbrp')},geq=r=${channel(0)}:g=${channel(1)}:b=${channel(2)}`;
}

/** Small stars, a few large ones; fewer towards the horizon. */
export function starLayer(canvas: Canvas, mood: Mood, die: Dice): string {
  const salt = die.between(0, 9);
  const cell = 7;
  const at = `(floor(X/${cell})+floor(Y/${cell})*311)`;
  const [dx, dy] = [1, 2].map((k) => `(${cell / 2}+${n(cell * 0.5)}*(${hash(at, salt + k)}-0.5))`);
  const bright = `pow(${hash(at, salt + 5)},7)`;
  const spot = `exp(-(pow(mod(X,${cell})-${dx},2)+pow(mod(Y,${cell})-${dy},2))/(0.35+1.3*pow(${bright},2)))`;
  const fade = `(1-${smooth(canvas.horizon * 0.35, canvas.horizon * 1.02, 'Y')})`;
  return `${sheet(canvas.width, even(canvas.horizon), 'gray')},geq=lum='if(gt(${hash(at, salt + 7)},0.45),0,${n(330 * mood.stars)}*${bright}*${spot}*${fade})'`;
}

/** How the stars twinkle: patches that come and go, a whole number of times in the loop. */
export function twinkleLayer(canvas: Canvas, die: Dice): string {
  const turn = turnOf(canvas);
  const at = 'X*7.3+Y*13.7';
  return `${sheet(canvas.width / 20, canvas.horizon / 20, 'gray', canvas)},geq=lum='150+105*sin(T*${n(turn)}*(1+floor(2.99*${hash(at, 1)}))+6.28*${hash(at, die.between(2, 9))})',scale=${canvas.width}:${even(canvas.horizon)}:flags=bilinear`;
}

/** Slow veils of cloud, as strength only. */
export function veilLayer(canvas: Canvas, die: Dice): string {
  const turn = turnOf(canvas);
  const u = 64 / canvas.unit;
  const [w, h] = [even(canvas.width * u), even(canvas.height * u)];
  const [a, b, c] = [die.between(0, 6.28), die.between(0, 6.28), die.between(0, 6.28)];
  const warp = `(X*0.07+1.4*sin(Y*0.21+${n(a)}+0.5*sin(T*${n(turn)}))+0.8*sin(X*0.053+Y*0.11+${n(b)}))`;
  const field = `(0.5+0.28*sin(${warp}+Y*0.19)+0.22*sin(1.9*${warp}-Y*0.37+${n(c)}+0.6*sin(T*${n(turn)}+1))+0.12*sin(4.1*${warp}+Y*0.5))`;
  const where = `${smooth(0, h * 0.3, 'Y')}*(1-${smooth(canvas.horizon * u * 0.85, canvas.horizon * u * 1.05, 'Y')})`;
  return `${sheet(w, h, 'gray', canvas)},geq=lum='255*pow(clip(${field},0,1),2.2)*${where}',scale=${canvas.width}:${canvas.height}:flags=bicubic`;
}

/** Curtains of light: sharp below, fading upwards, with rays in them. */
export function auroraLayer(canvas: Canvas, die: Dice): string {
  const turn = turnOf(canvas);
  const u = 64 / canvas.unit;
  const [w, h] = [even(canvas.width * u), even(canvas.horizon * u)];
  const curtain = (at: number, strength: number) => {
    const p = die.between(0, 6.28);
    const foot = `(${n(h * at)}+${n(h * 0.12)}*sin(X*0.05+${n(p)}+0.35*sin(T*${n(turn)}+${n(p)}))+${n(h * 0.05)}*sin(X*0.12+${n(p * 2)}-0.5*sin(T*${n(turn)})))`;
    const rays = `(0.55+0.25*sin(X*0.44+${n(p)}+1.2*sin(T*${n(turn)}+X*0.02))+0.2*sin(X*1.03+1.5*sin(T*${n(turn)}+2+X*0.05)))`;
    const up = `(${foot}-Y)`;
    return `${n(strength)}*${rays}*if(gt(${up},0),exp(-${up}/${n(h * 0.24)}),exp(${up}/${n(h * 0.035)}))`;
  };
  return `${sheet(w, h, 'gray', canvas)},geq=lum='255*clip(${curtain(0.62, 0.75)}+${curtain(0.42, 0.55)},0,1)',scale=${canvas.width}:${even(canvas.horizon)}:flags=bicubic`;
}

/** Moon, crescent or sun, with a soft rim. */
export function bodyLayer(canvas: Canvas, mood: Mood, die: Dice): string {
  const { radius } = canvas.light;
  const size = even(radius * 2 + 8);
  const c = n(size / 2);
  const disc = (x: string, y: string, r: number) => `clip(${n(r)}-hypot(X-${x},Y-${y})+0.5,0,1)`;
  const shape =
    mood.body === 'crescent'
      ? `${disc(c, c, radius)}*(1-clip((${n(radius * 0.95)}-hypot(X-${n(size / 2 + radius * 0.46)},Y-${n(size / 2 - radius * 0.22)}))/2+0.5,0,1))`
      : disc(c, c, radius);
  const s = 4.4 / radius;
  const [a, b] = [die.between(0, 6.28), die.between(0, 6.28)];
  const seas = `(0.5+0.3*sin(X*${n(s)}+${n(a)}+1.5*sin(Y*${n(s * 0.9)}+${n(b)}))+0.2*sin(X*${n(s * 2.1)}-Y*${n(s * 1.7)}+${n(b)}))`;
  const shade = mood.body === 'sun' ? `clip(Y/${size}*0.3-0.05,0,1)` : `0.2*${smooth(0.4, 0.95, seas)}`;
  return `${sheet(size, size, 'gbrap')},geq=${mixRgb(between(mood.light, [255, 255, 255], 0.6), mood.sky[2], shade)}:a='255*${shape}'`;
}
