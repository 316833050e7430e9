const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\u3000-\u303f\uff00-\uff60]/u;
const NO_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\u3000-\u303f\uff00-\uff60]/u;
const letters = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** What a reader takes for letters, whatever they are made of. */
export const lettersOf = (text: string): string[] => Array.from(letters.segment(text), ({ segment }) => segment);

/** How wide a text is: a Chinese character counts for two. */
export const columns = (text: string): number =>
  lettersOf(text).reduce((sum, letter) => sum + (WIDE.test(letter) ? 2 : 1), 0);

/** What stands between two words: nothing in scripts that are written without spaces. */
export const between = (before: string, after: string): '' | ' ' =>
  NO_SPACES.test(lettersOf(before).at(-1) ?? '') && NO_SPACES.test(lettersOf(after)[0] ?? '') ? '' : ' ';

/** Pieces no wider than `most`. */
export function pieces(text: string, most: number): string[] {
  const out: string[] = [];
  let piece = '';
  let width = 0;
  for (const letter of lettersOf(text)) {
    const w = columns(letter);
    if (piece && width + w > most) {
      out.push(piece);
      piece = '';
      width = 0;
    }
    piece += letter;
    width += w;
  }
  return piece ? [...out, piece] : out;
}
