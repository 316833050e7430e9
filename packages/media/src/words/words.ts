/** A word as it stands in a text, its punctuation included: `text.slice(from, to)`. */
interface Word {
  text: string;
  from: number;
  to: number;
}

/** Scripts that put no space between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const SAYABLE = /[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u;
const OPENING = /^[\p{Ps}\p{Pi}¿¡]+$/u;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/**
 * The words of a text in any script. Every character that is not white space belongs to exactly one of them;
 * punctuation goes with the word it follows (or opens), so that no subtitle ever shows a lone dash.
 */
export function wordsOf(text: string): Word[] {
  const found: { from: number; to: number; sayable: boolean }[] = [];
  for (const [from, to] of tokens(text)) {
    const token = text.slice(from, to);
    const sayable = SAYABLE.test(token);
    const word = found.at(-1);
    if (!word || (word.sayable && (sayable || OPENING.test(token)))) found.push({ from, to, sayable });
    else Object.assign(word, { to, sayable: word.sayable || sayable });
  }
  const last = found.at(-1);
  const before = found.at(-2);
  if (last && before && !last.sayable) {
    before.to = last.to;
    found.pop();
  }
  return found.map(({ from, to }) => ({ text: text.slice(from, to), from, to }));
}

function* tokens(text: string): Generator<[from: number, to: number]> {
  for (const { 0: chunk, index } of text.matchAll(/\S+/g)) {
    if (!UNSPACED.test(chunk)) yield [index, index + chunk.length];
    else {
      for (const { segment, index: at } of segmenter.segment(chunk)) yield [index + at, index + at + segment.length];
    }
  }
}
