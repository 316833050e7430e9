import { ASPECTS, type Aspect } from '@reverie/contracts';
import { n } from './expressions.ts';
import { driftLayer, glitterLayer, landLayer, patchLayer } from './land.ts';
import { Layers } from './layers.ts';
import { type Drift, type Mood, moodFor, type Rgb } from './moods.ts';
import { type Dice, dice, hashOf } from './seed.ts';
import { type Canvas, even, turnOf } from './sheet.ts';
import { auroraLayer, bodyLayer, skyLayer, starLayer, twinkleLayer, veilLayer } from './sky.ts';

export interface PictureWish {
  prompt: string;
  style?: string | undefined;
  seed: number;
  aspect: Aspect;
}

/** Three quarters of the film's size: as sharp as a dream needs, in half the time. */
const pictureSize = (aspect: Aspect) => ({
  width: (ASPECTS[aspect].width * 3) / 4,
  height: (ASPECTS[aspect].height * 3) / 4,
});

/** The end fits the beginning. Six frames a second are enough: all moves are slow, and the film blends between frames. */
export const LOOP = { seconds: 6, fps: 6 } as const;

/** The soft part of the sky is painted this much smaller. */
const SOFT = 4;

/** The whole picture as one filter graph from nothing to [out]. Only numbers made here are in it; words only choose. */
export function pictureGraph(wish: PictureWish): string {
  const die = dice(wish.seed ^ hashOf(wish.prompt));
  const mood = moodFor(`${wish.prompt} ${wish.style ?? ''}`, die);
  const canvas = layOut(wish.aspect, mood, die);
  const layers = new Layers(canvas);
  paintSky(layers, canvas, { mood, die });
  paintLand(layers, canvas, { mood, die });
  return layers.end();
}

function paintSky(layers: Layers, canvas: Canvas, { mood, die }: { mood: Mood; die: Dice }) {
  const { light } = canvas;
  const soft: Canvas = {
    ...canvas,
    width: even(canvas.width / SOFT),
    height: even(canvas.height / SOFT),
    unit: canvas.unit / SOFT,
    horizon: canvas.horizon / SOFT,
    light: { x: light.x / SOFT, y: light.y / SOFT, radius: light.radius / SOFT },
  };
  layers.base(skyLayer(soft, mood));
  if (mood.aurora) {
    const [low, high] = mood.aurora;
    layers.shine(auroraLayer(soft, die), { colour: low, above: high, width: soft.width, height: even(soft.horizon) });
  }
  layers.shine(veilLayer(soft, die), { colour: mood.sky[2], gain: 0.5, width: soft.width, height: soft.height });
  layers.enlarge(canvas.width, canvas.height);
  if (mood.stars > 0) layers.stars(starLayer(canvas, mood, die), twinkleLayer(canvas, die));
  const corner = even(light.radius * 2 + 8) / 2;
  layers.over(bodyLayer(canvas, mood, die), `${Math.round(light.x - corner)}`, `${Math.round(light.y - corner)}`);
}

function paintLand(layers: Layers, canvas: Canvas, { mood, die }: { mood: Mood; die: Dice }) {
  const land = die.pick(mood.lands);
  const count = land === 'waves' || land === 'clouds' ? 5 : die.whole(4, 5);
  const turn = `t*${n(turnOf(canvas))}`;
  for (let index = 0; index < count; index++) {
    const { graph, top, sway, bob } = landLayer(canvas, { mood, land, die, index, count });
    layers.over(
      graph,
      `round(${sway}*sin(${turn}+${n(die.between(0, 0.8))}))-${sway}`,
      `${top}+round(${n(bob)}*(sin(${turn}+${n(index * 1.9)})-1))`,
    );
  }
  if (land === 'waves') {
    const height = even(canvas.height - canvas.horizon);
    layers.shine(glitterLayer(canvas, die), {
      colour: mood.light,
      gain: 0.85,
      top: canvas.horizon,
      width: canvas.width,
      height,
    });
  }
  const drift = die.pick(mood.drift);
  if (drift !== 'none') paintDrift(layers, canvas, { drift, die });
}

const SPECK: Record<Exclude<Drift, 'none'>, { colour: Rgb; size: number; rises: boolean; aside: number }> = {
  snow: { colour: [255, 255, 255], size: 0.026, rises: false, aside: 0.2 },
  embers: { colour: [255, 180, 80], size: 0.02, rises: true, aside: 0.2 },
  fireflies: { colour: [255, 240, 150], size: 0.03, rises: true, aside: 0.35 },
  petals: { colour: [255, 205, 215], size: 0.034, rises: false, aside: 0.35 },
};

/** Two sheets of specks, the nearer one larger and faster. */
function paintDrift(layers: Layers, canvas: Canvas, { drift, die }: { drift: Exclude<Drift, 'none'>; die: Dice }) {
  const { colour, size, rises, aside } = SPECK[drift];
  for (const scale of [0.13, 0.24]) {
    const period = even(canvas.unit * scale);
    const along = `round(${period}*mod(t*${n(1 / canvas.seconds)},1))`;
    layers.specks(
      driftLayer(canvas, { drift, die, size: canvas.unit * scale * size, period }),
      patchLayer(canvas, die),
      {
        colour,
        x: `${period / 2}-round(${n(period * aside)}*sin(t*${n(turnOf(canvas))}))`,
        y: rises ? along : `${period}-${along}`,
      },
    );
  }
}

/** Where the horizon is and where the light stands; a sun low, a moon high. */
function layOut(aspect: Aspect, mood: Mood, die: Dice): Canvas {
  const { width, height } = pictureSize(aspect);
  const unit = Math.min(width, height);
  const horizon = even(height * die.between(0.52, 0.62));
  const sun = mood.body === 'sun';
  const low = mood.lands.includes('waves') ? [0, 0.1] : [0.08, 0.26];
  return {
    width,
    height,
    unit,
    horizon,
    ...LOOP,
    light: {
      x: width * (die.between(0, 1) < 0.5 ? die.between(0.2, 0.4) : die.between(0.6, 0.8)),
      y: sun ? horizon - unit * die.between(low[0]!, low[1]!) : horizon * die.between(0.26, 0.5),
      radius: unit * (sun ? die.between(0.07, 0.11) : die.between(0.055, 0.09)),
    },
  };
}
