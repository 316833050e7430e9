import type { Segment, Span } from '@reverie/contracts';
import { piecesOf, tidy } from '../words/cut-text.ts';
import { secondsToSay } from '../words/spoken-length.ts';

/**
 * Segments for a text that came without times: its sentences share the time in which somebody speaks by how long they
 * take to say. One segment over ten minutes would be true, too, and no use as a subtitle.
 */
export function spreadText(text: string, { seconds, rests }: { seconds: number; rests: readonly Span[] }): Segment[] {
  const sentences = piecesOf(text).map(tidy).filter(Boolean);
  const lengths = sentences.map((sentence) => Math.max(0.1, secondsToSay(sentence)));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const speech = speechBetween(rests, seconds);
  const spoken = speech.reduce((sum, { start, end }) => sum + end - start, 0);
  let said = 0;
  return sentences.map((sentence, i) => {
    const from = said / total;
    said += lengths[i]!;
    return {
      text: sentence,
      start: moment(speech, from * spoken, 'start'),
      end: moment(speech, (said / total) * spoken, 'end'),
    };
  });
}

function speechBetween(rests: readonly Span[], seconds: number): Span[] {
  const edges = [0, ...rests.flatMap(({ start, end }) => [start, end]), seconds];
  const spans = edges.flatMap((start, i) => (i % 2 === 0 ? [{ start, end: edges[i + 1]! }] : []));
  const speech = spans.filter(({ start, end }) => end > start);
  return speech.length > 0 ? speech : [{ start: 0, end: seconds }];
}

/** When so many seconds have been spoken. On the edge of a rest a sentence begins after it, or ends before it. */
function moment(speech: readonly Span[], spoken: number, edge: 'start' | 'end'): number {
  let left = spoken;
  for (const { start, end } of speech) {
    const length = end - start;
    if (edge === 'end' ? left <= length + 1e-6 : left < length - 1e-6) return start + Math.min(left, length);
    left -= length;
  }
  return speech.at(-1)!.end;
}
