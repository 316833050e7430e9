/**
 * `most` of `count` things, evenly by index and in order: the first and the last are always among them. 100 scenes,
 * 10 frames: 0, 11, 22 … 99. One alone is the first.
 */
export function chooseEvenly(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  if (most <= 1) return most === 1 ? [0] : [];
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}
