import type { Span } from '@reverie/contracts';

/**
 * Cuts a recording into pieces of at most `most` seconds, each cut in the middle of the longest rest in the second half
 * of what may still be taken; where nobody pauses for so long, it is cut all the same. Pieces cover everything once.
 */
export function cutAtRests(duration: number, rests: readonly Span[], most: number): Span[] {
  const pieces: Span[] = [];
  let start = 0;
  while (duration - start > most) {
    const longest = rests
      .map((rest) => ({ at: (rest.start + rest.end) / 2, seconds: rest.end - rest.start }))
      .filter(({ at }) => at > start + most / 2 && at <= start + most)
      .reduce((best, rest) => (rest.seconds > best.seconds ? rest : best), { at: start + most, seconds: 0 });
    pieces.push({ start, end: longest.at });
    start = longest.at;
  }
  return [...pieces, { start, end: duration }];
}
