export interface Size {
  width: number;
  height: number;
}

export const MOST_LINES = 720;

/** At most 720 lines and never more than there were, of square pixels, both even as H.264 wants them. */
export function targetSize({ width, height }: Size, pixelAspect = 1): Size {
  const lines = Math.min(MOST_LINES, height);
  return { width: even((width * pixelAspect * lines) / height), height: even(lines) };
}

/** Downwards if it is odd, as one line more would have to be made up. */
const even = (pixels: number) => Math.max(2, 2 * Math.floor((Math.round(pixels) || 0) / 2));
