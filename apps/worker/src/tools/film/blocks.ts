import type { SpokenScene, SpokenWord } from '@reverie/pipelines';
import { pieces } from './columns.ts';
import { inLines } from './lines.ts';
import { plainText, withoutEmoji } from './plain-text.ts';

/** What is on the screen at a time: lines of words. */
export interface Block {
  lines: SpokenWord[][];
  start: number;
  end: number;
  /** Whether it comes out of nothing, and goes into nothing: only then it fades. */
  fadesIn: boolean;
  fadesOut: boolean;
}

/** With less between them one block simply becomes the next. */
const PAUSE_SECONDS = 0.15;
const MAX_LINES = 2;
/** How long a block stays when nothing follows. */
const LINGER_SECONDS = 0.5;
/** A block comes a little before its first word. */
const LEAD_SECONDS = 0.08;
/** Words have been seen with no end, or with the end before the start: each is shown for this long at least. */
const SHORTEST_SECONDS = 0.02;

/** Cuts what is said into blocks: never across scenes, ends of sentences preferred, times put in order. */
export function blocksOf(scenes: readonly SpokenScene[], lineColumns: number, duration: number): Block[] {
  const blocks: Pick<Block, 'lines' | 'start' | 'end'>[] = [];
  let clock = 0;
  for (const scene of scenes) {
    const words = scene.words
      .flatMap((word) => fitting(word, lineColumns))
      .map((word) => {
        const start = Math.min(Math.max(clock, word.start), duration);
        clock = Math.min(Math.max(start + SHORTEST_SECONDS, word.end), Math.max(duration, start));
        return { text: word.text, start, end: clock };
      });
    for (const lines of inBlocks(words, lineColumns)) {
      blocks.push({ lines, start: lines[0]![0]!.start, end: lines.at(-1)!.at(-1)!.end });
    }
  }
  const shown = blocks.map((block, i) => {
    const before = blocks[i - 1];
    const next = blocks[i + 1];
    const start = Math.max(before?.end ?? 0, block.start - LEAD_SECONDS);
    const end = Math.min(block.end + LINGER_SECONDS, next ? Math.max(block.end, next.start - LEAD_SECONDS) : duration);
    return { ...block, start, end: Math.max(end, start) };
  });
  return shown.map((block, i) => ({
    ...block,
    fadesIn: block.start - (shown[i - 1]?.end ?? -1) > PAUSE_SECONDS,
    fadesOut: (shown[i + 1]?.start ?? Infinity) - block.end > PAUSE_SECONDS,
  }));
}

/** A word as it may be shown; one that is too long for a line becomes several, sharing its time by length. */
function fitting(word: SpokenWord, lineColumns: number): SpokenWord[] {
  const parts = plainText(withoutEmoji(word.text))
    .split(' ')
    .flatMap((text) => pieces(text, lineColumns));
  const all = parts.reduce((sum, part) => sum + part.length, 0);
  let at = word.start;
  return parts.map((text) => {
    const start = at;
    at += ((word.end - word.start) * text.length) / all;
    return { text, start, end: at };
  });
}

/** Lines of even length, two to a block. */
const inBlocks = (words: readonly SpokenWord[], lineColumns: number): SpokenWord[][][] => {
  const lines = inLines(words, lineColumns);
  return Array.from({ length: Math.ceil(lines.length / MAX_LINES) }, (_, i) =>
    lines.slice(i * MAX_LINES, (i + 1) * MAX_LINES),
  );
};
