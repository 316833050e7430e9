/** The picture a hash is made of: grey, this many pixels a side. */
export const HASHED_SIDE = 32;
const FREQUENCIES = 8;
/** What a wave of a quarter of a grey level comes to. Weaker ones are grain, and would be a bit this way or that by chance. */
const GRAIN = 64;
/** Two pictures whose hashes differ in no more bits than this are alike in shape. */
const ALIKE_BITS = 6;
/** And of two plain ones, which have no shape, a red and a blue one differ by more grey levels than this. */
const ALIKE_LEVELS = 24;

/** What a picture is told from others by. */
export interface Look {
  hash: string;
  /** Grey levels, on the whole. */
  brightness: number;
}

export const lookOf = (grey: Uint8Array): Look => ({
  hash: perceptualHash(grey),
  brightness: grey.reduce((sum, level) => sum + level, 0) / grey.length,
});

export const looksLike = (a: Look, b: Look): boolean =>
  distance(a.hash, b.hash) <= ALIKE_BITS && Math.abs(a.brightness - b.brightness) <= ALIKE_LEVELS;

/**
 * 64 bits: which of the 8 by 8 lowest frequencies of a grey picture are stronger than their median. The zeroth of one
 * direction is among them, or a bar across the whole picture would not be seen; brightness as such is left out.
 */
export function perceptualHash(grey: Uint8Array): string {
  const rows = transform((x, u) => dot(u, (i) => grey[x * HASHED_SIDE + i]!), HASHED_SIDE);
  const strengths = transform((u, v) => Math.round(dot(v, (i) => rows[i]![u]!) / GRAIN), FREQUENCIES).flat();
  strengths[0] = 0;
  const sorted = [...strengths].sort((a, b) => a - b);
  const median = (sorted[31]! + sorted[32]!) / 2;
  const bits = strengths.map((strength) => (strength > median ? 1 : 0)).join('');
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}

/** In how many bits two hashes differ. */
export const distance = (a: string, b: string): number =>
  (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length;

const transform = (value: (line: number, frequency: number) => number, lines: number): number[][] =>
  Array.from({ length: lines }, (_, line) => Array.from({ length: FREQUENCIES }, (_, k) => value(line, k)));

/** One coefficient of the discrete cosine transform. */
const dot = (frequency: number, sample: (i: number) => number): number =>
  COSINES[frequency]!.reduce((sum, cosine, i) => sum + cosine * sample(i), 0);

const COSINES = Array.from({ length: FREQUENCIES }, (_, k) =>
  Array.from({ length: HASHED_SIDE }, (_, i) => Math.cos((Math.PI * k * (2 * i + 1)) / (2 * HASHED_SIDE))),
);
