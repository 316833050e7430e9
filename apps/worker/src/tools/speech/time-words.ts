import { restAfter, syllables, wordsOf } from '@reverie/media';
import type { SpokenWord } from '@reverie/pipelines';

export interface Span {
  start: number;
  end: number;
}

/** When each word is heard, if the whole text is heard from `start` to `end`: longer words longer, a rest after commas. */
export const timeWords = (text: string, start: number, end: number): SpokenWord[] =>
  spread(
    wordsOf(text).map((word) => word.text),
    { start, end },
  );

/**
 * The same for a voice that was listened to. A text of n phrases has n−1 rests, and those are the n−1 longest silences:
 * each phrase then has a beginning and an end that were measured, and an error in one does not shift the next.
 */
export function timeHeardWords(text: string, { start, end }: Span, silences: Span[]): SpokenWord[] {
  const phrases = phrasesOf(wordsOf(text).map((word) => word.text));
  const rests = silences
    .toSorted((a, b) => length(b) - length(a))
    .slice(0, phrases.length - 1)
    .toSorted((a, b) => a.start - b.start);
  if (rests.length < phrases.length - 1) return timeWords(text, start, end);
  return phrases.flatMap((words, i) =>
    spread(words, { start: rests[i - 1]?.end ?? start, end: rests[i]?.start ?? end }),
  );
}

const length = ({ start, end }: Span) => end - start;

function phrasesOf(words: string[]): string[][] {
  const phrases: string[][] = [[]];
  for (const [i, word] of words.entries()) {
    phrases.at(-1)!.push(word);
    if (restAfter(word) > 0 && i < words.length - 1) phrases.push([]);
  }
  return phrases;
}

function spread(texts: string[], { start, end }: Span): SpokenWord[] {
  const words = texts.map((text) => ({ text, said: syllables(text), rest: restAfter(text) }));
  const last = words.at(-1);
  if (last) last.rest = 0; // the silence after it is outside of start…end
  const total = words.reduce((sum, { said, rest }) => sum + said + rest, 0);
  const second = (at: number) => Math.min(end, start + ((end - start) * at) / total);

  let at = 0;
  return words.map(({ text, said, rest }) => {
    const heard = { text, start: second(at), end: second(at + said) };
    at += said + rest;
    return heard;
  });
}
