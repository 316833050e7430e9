/** The part of a picture that is seen, in shares of its size. */
export interface View {
  left: number;
  top: number;
  width: number;
}

/** Towards where the camera goes, and whether in or out: no two neighbours alike. */
const MOVES = [
  { x: 0.62, y: 0.42, inward: true },
  { x: 0.35, y: 0.55, inward: false },
  { x: 0.38, y: 0.4, inward: true },
  { x: 0.66, y: 0.56, inward: false },
  { x: 0.5, y: 0.62, inward: true },
  { x: 0.5, y: 0.36, inward: false },
] as const;

/** Slow enough to be felt rather than seen. */
const ZOOM_PER_SECOND = 0.022;
const MOST_ZOOM = 0.16;
/** Always a little inside the picture, so that there is room to go sideways. */
const MARGIN = 0.03;

/** Where the camera of scene `index` begins and ends. */
export function zoom(index: number, seconds: number): { from: View; to: View } {
  const { x, y, inward } = MOVES[index % MOVES.length]!;
  const wide = view(1 - MARGIN, 1 - x, 1 - y);
  const near = view(1 - MARGIN - Math.min(MOST_ZOOM, Math.max(0.04, ZOOM_PER_SECOND * seconds)), x, y);
  return inward ? { from: wide, to: near } : { from: near, to: wide };
}

/** A view as wide as `width` whose room on the left and above is the given share of all there is. */
const view = (width: number, x: number, y: number): View => ({ left: (1 - width) * x, top: (1 - width) * y, width });

/**
 * The camera's move as a filter. `perspective` reads between pixels, so that the slowest move is smooth;
 * zoompan and crop go by whole pixels and tremble.
 */
export function zoomFilter({ from, to }: { from: View; to: View }, frames: number): string {
  const at = `min(on/${Math.max(1, frames)},1)`;
  const edge = (size: 'W' | 'H', a: number, b: number) => `'${size}*(${a.toFixed(5)}+(${(b - a).toFixed(5)})*${at})'`;
  const x = [edge('W', from.left, to.left), edge('W', from.left + from.width, to.left + to.width)];
  const y = [edge('H', from.top, to.top), edge('H', from.top + from.width, to.top + to.width)];
  const corners = `x0=${x[0]}:y0=${y[0]}:x1=${x[1]}:y1=${y[0]}:x2=${x[0]}:y2=${y[1]}:x3=${x[1]}:y3=${y[1]}`;
  return `perspective=${corners}:interpolation=linear:sense=source:eval=frame`;
}
