/** Scripts that put no spaces between words: there every character is one. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/gu;
const ACCENTS = /[\u0300-\u036f]/g;
const BETWEEN_WORDS = /[^\p{L}\p{M}\p{N}]+/u;

/** PostgreSQL numbers words no further, and takes no longer ones. */
const LAST_POSITION = 16_383;
const LONGEST = 200;
/** A text search vector may have a megabyte; nobody says so much in one breath. */
const MOST_WORDS = 5_000;
const MOST_CHARACTERS = 100_000;

/** A text's words without case, accents and punctuation: what is searched for and what is found are cut alike. */
export const wordsOf = (text: string): string[] =>
  text
    .slice(0, MOST_CHARACTERS)
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .toLowerCase()
    .replace(UNSPACED, ' $& ')
    .split(BETWEEN_WORDS)
    .filter((word) => word !== '')
    .slice(0, MOST_WORDS)
    .map((word) => [...word].slice(0, LONGEST).join(''));

/** As PostgreSQL writes a tsvector. Words hold letters and digits alone, so nothing needs to be quoted. */
export const asTsvector = (text: string): string =>
  wordsOf(text)
    .map((word, i) => `${word}:${Math.min(i + 1, LAST_POSITION)}`)
    .join(' ');

/** `cat` begins `cats`; one and two letters begin too much. */
const begun = (word: string) => (word.length >= 3 ? `${word}:*` : word);

/** What a search looks for, as tsqueries. */
export interface Wording {
  /** Each word, as a whole and as the beginning of one. */
  whole: string[];
  begun: string[];
  /** Any of them. */
  any: string;
  /** All of them, one after the other. */
  phrase: string;
}

/** Undefined where there is no word in it. */
export function wordingOf(text: string): Wording | undefined {
  const all = wordsOf(text);
  const words = [...new Set(all)];
  if (words.length === 0) return undefined;
  return { whole: words, begun: words.map(begun), any: words.map(begun).join(' | '), phrase: all.join(' <-> ') };
}
