import { hash, n } from './expressions.ts';
import type { Land } from './moods.ts';
import type { Dice } from './seed.ts';
import { sheet } from './sheet.ts';

/** Where a layer of land lies in its picture, in pixels. */
export interface Ridge {
  /** Mean height of the silhouette, from the top. */
  base: number;
  /** How far the silhouette goes up and down. */
  rise: number;
  /** The shorter side of the picture: the measure of all things in it. */
  unit: number;
  /** 0 the farthest, 1 the nearest. */
  near: number;
}

/** Sums of sines of the column: low ones large, high ones small. */
function rolling(die: Dice, unit: number, waves: number, first: number, rough = 0.5): string {
  let size = 1;
  const parts: string[] = [];
  for (let i = 0; i < waves; i++) {
    const step = (first * 2.1 ** i * die.between(0.8, 1.25)) / unit;
    parts.push(`${n(size)}*sin(X*${n(step)}+${n(die.between(0, 6.28))})`);
    size *= rough;
  }
  return `(${parts.join('+')})`;
}

/** Like `rolling`, but folded into sharp crests. */
function folded(die: Dice, unit: number, waves: number, first: number): string {
  let size = 1;
  const parts: string[] = [];
  for (let i = 0; i < waves; i++) {
    const step = (first * 2.03 ** i * die.between(0.85, 1.2)) / unit;
    parts.push(`${n(size)}*(1-2*abs(sin(X*${n(step)}+${n(die.between(0, 6.28))})))`);
    size *= 0.46;
  }
  return `(${parts.join('+')})`;
}

/** The upper edge of the land: a geq expression of the column alone. */
type Edge = (ridge: Ridge, die: Dice) => string;

const EDGES: Record<Land, Edge> = {
  hills: ({ base, rise, unit, near }, die) =>
    `${n(base)}-${n(rise * 0.6)}*${rolling(die, unit, 5, 3.2 - near * 0.8, 0.46)}`,
  dunes: ({ base, rise, unit, near }, die) =>
    `${n(base)}-${n(rise * 0.8)}*sin(X*${n((2.4 - near) / unit)}+${n(die.between(0, 6))}+0.7*${rolling(die, unit, 2, 2.6)})`,
  peaks: ({ base, rise, unit, near }, die) => `${n(base)}-${n(rise * 0.95)}*${folded(die, unit, 6, 2.6 - near * 0.7)}`,
  waves: ({ base, rise, unit, near }, die) =>
    `${n(base)}-${n(rise * 0.3)}*(${folded(die, unit, 2, 9 - near * 4)}+${rolling(die, unit, 3, 4)})`,
  trees: ({ base, rise, unit }, die) => `${n(base)}-${n(rise * 0.45)}*${rolling(die, unit, 4, 3)}`,
  city: ({ base, rise, unit, near }, die) => {
    // Each cell holds a house of its own height; some stand a little apart.
    const row = (width: number, height: number, salt: number) => {
      const cell = `floor(X/${n(width)})`;
      const gap = `gte(mod(X,${n(width)}),${n(width * 0.06)}*gt(${hash(cell, salt + 1)},0.5))`;
      return `floor(${n(height)}*pow(${hash(cell, salt)},1.6)*${gap})`;
    };
    const width = unit * (0.05 + 0.06 * near);
    const tower = rise * 2.1;
    const rows = [row(width, tower, die.between(0, 9)), row(width * 0.62, tower * 0.72, die.between(0, 9))];
    return `floor(${n(base)})-max(${rows.join(',')})`;
  },
  clouds: ({ base, rise, unit, near }, die) => {
    // Each cell holds a round one, lifted by chance.
    const row = (width: number, lift: number, shift: number) => {
      const salt = die.between(0, 9);
      const cell = `floor((X+${n(shift)})/${n(width)})`;
      const radius = `(${n(width * 0.5)}*(0.72+0.28*${hash(cell, salt)}))`;
      const aside = `(mod(X+${n(shift)},${n(width)})-${n(width / 2)})`;
      const inside = `(pow(${radius},2)-pow(${aside},2))`;
      return `if(gt(${inside},0),sqrt(${inside})+${n(lift)}*${hash(cell, salt + 2)})`;
    };
    const size = unit * (0.13 + 0.15 * near);
    const shift = die.between(0, 99);
    const rows = [
      row(size * 1.5, rise * 0.7, shift),
      row(size * 1.5, rise * 0.4, shift + size * 0.75),
      row(size * 0.85, rise * 0.75, shift * 2),
      row(size * 0.5, rise * 0.25, shift * 3),
    ];
    return `${n(base)}-${rows.reduce((all, one) => `max(${all},${one})`)}`;
  },
};

/** Rows of pixels are kept in 64ths, so that a slope has no steps. */
const PARTS = 64;

/** How much each pixel of a layer is land, as a grey picture. The edge is worked out once a column, not once a pixel. */
export function landMask(
  land: Land,
  { width, height, ridge }: { width: number; height: number; ridge: Ridge },
  die: Dice,
) {
  const edge = `${sheet(width, 2, 'gray16le')},geq=lum='${PARTS}*clip(${EDGES[land](ridge, die)},0,1000)'`;
  const ground = `p(X,Y)/${PARTS}`;
  const inside = land === 'trees' ? firs(ground, ridge, die) : `clip(Y-${ground}+0.5,0,1)`;
  return `${edge},scale=${width}:${height}:flags=neighbor,format=gray16le,geq=lum='65535*(${inside})',format=gray`;
}

/**
 * Two rows of firs on the ground: each cell holds one of its own height, wider the further down, with ragged boughs.
 * Without `st` and `ld`, which would be faster: in ffmpeg 4.1 all threads of geq share what they hold.
 */
function firs(ground: string, { unit, near }: Ridge, die: Dice): string {
  const row = (width: number, height: number, salt: number) => {
    const shift = n(die.between(0, 99));
    const cell = `floor((X+${shift})/${n(width)})`;
    const down = `(Y-${ground}+${n(height)}*(0.45+0.55*${hash(cell, salt)}))`;
    const aside = `abs(mod(X+${shift},${n(width)})-${n(width / 2)}+${n(width * 0.25)}*(${hash(cell, salt + 3)}-0.5))`;
    const bough = n(height / 9);
    const reach = `${down}*${n((width / height) * 0.52)}*(0.62+0.38*mod(${down},${bough})/${bough})`;
    return `if(gt(${down},0),clip(${reach}-${aside}+0.5,0,1))`;
  };
  const size = unit * (0.05 + 0.085 * near);
  const rows = [row(size * 0.62, size * 1.9, die.between(0, 9)), row(size * 0.45, size * 1.35, die.between(0, 9))];
  const edge = `clip(Y-${ground}+0.5,0,1)`;
  return `if(lt(Y,${ground}-${n(size * 2)}),0,if(gte(Y,${ground}+0.5),1,max(${edge},max(${rows.join(',')}))))`;
}
