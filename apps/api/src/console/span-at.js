/**
 * Which of some spans, in order, holds a moment; -1 where none does. A day of talk has ten thousand, and players ask four
 * times a second.
 * @param {readonly { start: number, end: number }[]} spans @param {number} seconds
 */
export function spanAt(spans, seconds) {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {{ start: number }} */ (spans[middle]).start <= seconds) low = middle + 1;
    else high = middle;
  }
  return (spans[low - 1]?.end ?? 0) > seconds ? low - 1 : -1;
}
