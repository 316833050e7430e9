import { wordsOf } from './words.ts';

/** Lengths are in syllables, of which a calm English voice says about four a second: 2.6 words. */
const SYLLABLES_PER_SECOND = 4;

const VOWELS = /[aeiouyæøœаеёиоуыэюяіїєαεηιουω]+/gu;
const SILENT_E = /(?<=[aeiouy][^aeiouy]+)e$/u;
/** One sign, one syllable. Kana are quicker; a digit is mostly a word of its own. */
const SIGNS: [RegExp, number][] = [
  [/[\p{Script=Han}\p{Script=Hangul}]/gu, 1],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 0.6],
  [/\p{N}/gu, 1.4],
  [/\p{Extended_Pictographic}/gu, 1.5],
];
const LETTER = /[\p{L}]/gu;
/** Scripts that write few of their vowels, or in ways not worth knowing here: about two letters a syllable. */
const OTHER = /[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]/u;

/** About how many syllables a word takes to say; consonants take time too. Never nothing. */
export function syllables(word: string): number {
  let rest = word.toLowerCase();
  let length = 0;
  for (const [sign, each] of SIGNS) {
    length += count(rest, sign) * each;
    rest = rest.replace(sign, '');
  }
  const letters = rest.normalize('NFD').match(LETTER)?.join('') ?? '';
  length += OTHER.test(letters)
    ? letters.length * 0.5
    : count(letters.replace(SILENT_E, ''), VOWELS) * 0.6 + letters.length * 0.12;
  return Math.max(0.5, length);
}

const count = (text: string, what: RegExp) => text.match(what)?.length ?? 0;

/** How long a voice rests after a word, in the same measure. */
export function restAfter(word: string): number {
  const bare = word.replace(/[\p{Pe}\p{Pf}"']+$/u, '');
  if (/[.!?…。！？؟۔।]$/u.test(bare)) return 1.4;
  return /[,;:—–、，；：،]$/u.test(bare) ? 0.8 : 0;
}

/** How long a calm voice takes for a text. */
export const secondsToSay = (text: string): number =>
  wordsOf(text).reduce((sum, { text: word }) => sum + syllables(word) + restAfter(word), 0) / SYLLABLES_PER_SECOND;
