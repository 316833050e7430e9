import { between, columns } from './columns.ts';

/** What a break after a comma or a full stop is worth, in the squares that empty columns cost. */
const WORTH_OF_A_PAUSE = 60;
const PAUSE = /[.,;:!?…。、，！？؟،—–][\p{Pf}"')\]]*$/u;

/** Breaks words into lines no wider than `most`, as even as can be: the least sum of squared empty columns. */
export function inLines<W extends { text: string }>(words: readonly W[], most: number): W[][] {
  /** best[i]: the cheapest way to set the first i words, and where its last line begins. */
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= words.length; end++) {
    const pause = PAUSE.test(words[end - 1]!.text) ? WORTH_OF_A_PAUSE : 0;
    let found = { cost: Infinity, from: end - 1 };
    let width = 0;
    for (let from = end - 1; from >= 0; from--) {
      const { text } = words[from]!;
      width += columns(text) + (from < end - 1 ? between(text, words[from + 1]!.text).length : 0);
      if (width > most && from < end - 1) break;
      const cost = best[from]!.cost + (most - width) ** 2 - pause;
      if (cost < found.cost) found = { cost, from };
    }
    best.push(found);
  }
  const lines: W[][] = [];
  for (let end = words.length; end > 0; end = best[end]!.from) lines.unshift(words.slice(best[end]!.from, end));
  return lines;
}
