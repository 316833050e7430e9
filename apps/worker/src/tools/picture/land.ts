import { between, hash, mixRgb, n, smooth } from './expressions.ts';
import { landMask } from './landforms.ts';
import type { Drift, Land, Mood } from './moods.ts';
import type { Dice } from './seed.ts';
import { type Canvas, even, sheet, turnOf } from './sheet.ts';

/** A layer that sways: how wide it is painted, and how far it goes to either side. */
export interface LandLayer {
  graph: string;
  top: number;
  sway: number;
  /** How far it goes up and down. */
  bob: number;
}

/** Layer `index` of `count`, from the far ones in the haze to the dark near ones. */
export function landLayer(
  canvas: Canvas,
  { mood, land, die, index, count }: { mood: Mood; land: Land; die: Dice; index: number; count: number },
): LandLayer {
  const near = count === 1 ? 1 : index / (count - 1);
  const sway = Math.round(canvas.unit * (0.005 + 0.024 * near));
  const depth = canvas.height - canvas.horizon;
  const down = land === 'clouds' ? 0.1 + 0.82 * near : 0.02 + 0.74 * near ** 1.25;
  const base = canvas.horizon + depth * down + (land === 'peaks' ? (1 - near) * -depth * 0.1 : 0);
  const bob = land === 'waves' ? canvas.unit * 0.004 * index : 0;
  const rise = canvas.unit * RISE[land] * (land === 'waves' ? 0.12 + near : 1.15 - 0.45 * near);
  const top = Math.max(0, 2 * Math.floor((base - rise * 2.4 - canvas.unit * 0.12) / 2));
  const crest = between(mood.far, mood.near, near ** 1.1);
  const foot = between(crest, mood.haze, 0.78 * (1 - near) ** 0.7);
  const isCloud = land === 'clouds';
  const [upper, lower] = isCloud
    ? [between(mood.light, mood.haze, 0.1 + 0.7 * near), between(mood.far, mood.near, 0.35 + 0.6 * near)]
    : [crest, foot];
  const sink = isCloud
    ? smooth(base - top - rise * (0.9 + 0.9 * near), base - top + rise * (0.25 + 0.3 * near), 'Y')
    : smooth(base - top - rise * 0.7, base - top + depth * 0.34, 'Y');
  const [w, h] = [even(canvas.width + 2 * sway + 2), even(canvas.height - top + 2 * Math.ceil(bob))];
  // The colour is the same all along a row: one strip is painted and drawn out.
  const colour = `${sheet(16, h, 'gbrp')},geq=${mixRgb(upper, lower, sink)},scale=${w}:${h}`;
  const lit =
    land === 'city'
      ? `[p${index}];${windows(w, h, { canvas, mood, die, near })}[w${index}];[p${index}][w${index}]overlay=format=gbrp`
      : '';
  const mask = landMask(land, { width: w, height: h, ridge: { base: base - top, rise, unit: canvas.unit, near } }, die);
  const graph = `${colour}${lit}[c${index}];${mask}[m${index}];[c${index}][m${index}]alphamerge`;
  return { graph, top, sway, bob };
}

const RISE: Record<Land, number> = {
  hills: 0.1,
  dunes: 0.085,
  peaks: 0.15,
  trees: 0.1,
  city: 0.17,
  waves: 0.045,
  clouds: 0.1,
};

/** Lit windows in a grid; fewer far away. */
function windows(
  width: number,
  height: number,
  { canvas, mood, die, near }: { canvas: Canvas; mood: Mood; die: Dice; near: number },
): string {
  const pane = Math.max(4, Math.round(canvas.unit * (0.007 + 0.009 * near)));
  const storey = Math.round(pane * 1.5);
  const at = `(floor(X/${pane})*17+floor(Y/${storey})*131)`;
  const lit = `if(gt(${hash(at, die.between(0, 9))},${n(0.9 - 0.12 * near)}),${n(255)}*(0.3+0.6*${hash(at, 3)}))`;
  const alpha = `if(lt(mod(X,${pane}),${n(pane * 0.55)})*lt(mod(Y,${storey}),${n(storey * 0.5)}),${lit})`;
  const [r, g, b] = mood.light;
  return `${sheet(width, height, 'gbrap')},geq=r=${n(r)}:g=${n(g * 0.88)}:b=${n(b * 0.62)}:a='${alpha}'`;
}

/** The light's path on water: short bright strokes that come and go. */
export function glitterLayer(canvas: Canvas, die: Dice): string {
  const turn = turnOf(canvas);
  const u = 110 / canvas.unit;
  const [w, h] = [canvas.width * u, (canvas.height - canvas.horizon) * u];
  const x = n(canvas.light.x * u);
  const a = die.between(0, 6.28);
  const stretch = '(9/(1+Y*0.07))';
  const row = `floor(Y*${stretch}*0.35)`;
  const stroke = `sin(X*0.16+6.28*${hash(row, a)}+2.2*sin(T*${n(turn)}+${row}*1.7))*sin(Y*${n(1.9)}+1.1*sin(X*0.05+T*${n(turn)})+sin(T*${n(2 * turn)}+X*0.11))`;
  const path = `exp(-pow((X-${x})/(5+Y*0.42),2))`;
  return `${sheet(w, h, 'gray', canvas)},geq=lum='255*clip((0.22+1.1*pow(clip(${stroke},0,1),1.6))*${path}*(1-0.5*Y/${n(h)}),0,1)',scale=${canvas.width}:${2 * Math.round((canvas.height - canvas.horizon) / 2)}:flags=bicubic`;
}

/** A sheet of soft specks; it is moved by exactly its own period in a loop, so that the loop has no seam. */
export function driftLayer(
  canvas: Canvas,
  { drift, die, size, period }: { drift: Exclude<Drift, 'none'>; die: Dice; size: number; period: number },
): string {
  const salt = die.between(0, 9);
  const cell = period / 2;
  const at = `(floor(X/${n(cell)})*7+mod(floor(Y/${n(cell)}),2)*131+floor(X/${n(cell)})*floor(X/${n(cell)}))`;
  const spot = (k: number) => `${n(cell)}*(0.2+0.6*${hash(at, salt + k)})`;
  const r = size;
  const squash = drift === 'petals' ? 2.2 : 1;
  const strength = `(0.25+0.75*${hash(at, salt + 5)})`;
  const there = `gt(${hash(at, salt + 6)},${drift === 'snow' ? 0.2 : 0.5})`;
  const [w, h] = [canvas.width + period + 2, canvas.height + period + 2];
  return `${sheet(w, h, 'gray')},geq=lum='if(${there},255*${strength}*exp(-(pow(mod(X,${n(cell)})-${spot(1)},2)+${squash}*pow(mod(Y,${n(cell)})-${spot(2)},2))/${n(r * r)}))'`;
}

/** Where specks are seen: without it their sheet would show that it repeats. */
export const patchLayer = ({ width, height, unit }: Canvas, die: Dice): string => {
  const size = unit / 5;
  const at = `X*3.7+Y*11.3`;
  return `${sheet(Math.ceil(width / size) + 1, Math.ceil(height / size) + 1, 'gray')},geq=lum='255*clip(2.2*${hash(at, die.between(0, 9))}-0.7,0,1)',scale=${width}:${height}:flags=bicubic`;
};
