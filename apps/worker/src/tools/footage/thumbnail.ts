import type { Size } from './size.ts';

/** Enough to tell one shot from another. Grain is gone at this size. */
export const THUMBNAIL: Size = { width: 32, height: 18 };
const LUMA = THUMBNAIL.width * THUMBNAIL.height;
const CHROMA = LUMA / 4;
/** One plane of brightness, two of colour: yuv420p. */
export const THUMBNAIL_BYTES = LUMA + 2 * CHROMA;

/** How much two differ: the mean of the brightness and of both colours, added. A colour that changes alone counts, too. */
export const difference = (a: Uint8Array, b: Uint8Array): number =>
  sumOfDifferences(a, b, 0, LUMA) / LUMA + sumOfDifferences(a, b, LUMA, THUMBNAIL_BYTES) / CHROMA;

function sumOfDifferences(a: Uint8Array, b: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum;
}

/** Cuts a stream of bytes into thumbnails, whatever the chunks it comes in. */
export function eachThumbnail(use: (thumbnail: Uint8Array) => void): (chunk: Uint8Array) => void {
  let next = new Uint8Array(THUMBNAIL_BYTES);
  let filled = 0;
  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + THUMBNAIL_BYTES - filled);
      next.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < THUMBNAIL_BYTES) continue;
      use(next);
      next = new Uint8Array(THUMBNAIL_BYTES);
      filled = 0;
    }
  };
}
