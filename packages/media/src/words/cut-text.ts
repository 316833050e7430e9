import { secondsToSay } from './spoken-length.ts';

/** A picture that stays longer than nine seconds bores, one that leaves before four cannot be seen. */
const SCENE_SECONDS = 6;
const LONGEST_SECONDS = 10;

/** Cuts a text into at most `most` scenes of about equal length, at sentence ends if it has any. Loses nothing but white space. */
export function cutIntoScenes(text: string, most = 60): string[] {
  const scenes = Math.min(most, Math.round(secondsToSay(text) / SCENE_SECONDS));
  return groupEvenly(piecesOf(text), scenes).map(tidy);
}

/** Sentences, and parts of those that are too long for one scene. Joined again they are the text, to the last space. */
export const piecesOf = (text: string): string[] => sentencesOf(text).flatMap(breakUp);

const bySentence = new Intl.Segmenter(undefined, { granularity: 'sentence' });
const byWord = new Intl.Segmenter(undefined, { granularity: 'word' });
const byGrapheme = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const parts = (text: string, by: Intl.Segmenter) => Array.from(by.segment(text), ({ segment }) => segment);

/** A quotation mark or an emoji alone is no sentence: what has no word in it goes with what it follows. */
function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  for (const part of parts(text, bySentence)) {
    const before = sentences.at(-1);
    if (before !== undefined && !/[\p{L}\p{N}]/u.test(part)) sentences[sentences.length - 1] = before + part;
    else sentences.push(part);
  }
  return sentences;
}

/** First at commas, then between words, and in the end, for 2,000 letters without a space, anywhere. */
function breakUp(sentence: string): string[] {
  if (secondsToSay(sentence) <= LONGEST_SECONDS) return [sentence];
  const clauses = sentence
    .split(/(?![\s\d])(?<=[,;:、，；：،—–]\s*)/u)
    .flatMap((clause) => (secondsToSay(clause) <= LONGEST_SECONDS ? [clause] : breakAnywhere(clause)));
  return groupEvenly(clauses, Math.ceil(secondsToSay(sentence) / SCENE_SECONDS));
}

function breakAnywhere(clause: string): string[] {
  const words = parts(clause, byWord).flatMap((word) =>
    word.length > 60 ? inRuns(parts(word, byGrapheme), 40) : [word],
  );
  return groupEvenly(words, Math.ceil(secondsToSay(clause) / SCENE_SECONDS));
}

const inRuns = (letters: string[], of: number): string[] =>
  Array.from({ length: Math.ceil(letters.length / of) }, (_, i) => letters.slice(i * of, (i + 1) * of).join(''));

/** Joins neighbours into `count` groups (or fewer): each goes where its middle falls on the whole's time line. */
export function groupEvenly(pieces: string[], count: number): string[] {
  const lengths = pieces.map(secondsToSay);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const groups: string[] = [];
  let at = 0;
  pieces.forEach((piece, i) => {
    const length = lengths[i]!;
    // White space alone stays where it is, or two words would become one.
    const falls =
      length === 0 ? groups.length - 1 : Math.min(count - 1, Math.floor(((at + length / 2) / total) * count));
    const group = Math.max(0, falls);
    groups[group] = (groups[group] ?? '') + piece;
    at += length;
  });
  return groups.filter((group) => group?.trim());
}

export const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();
