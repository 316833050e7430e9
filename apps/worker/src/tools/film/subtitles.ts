import type { SpokenScene, SpokenWord } from '@reverie/pipelines';
import { type AssEvent, type AssStyle, assFile } from './ass.ts';
import { type Block, blocksOf } from './blocks.ts';
import { between } from './columns.ts';
import { assText } from './plain-text.ts';

interface Size {
  width: number;
  height: number;
}

/** The word that is being said, those said before, and those to come. */
const NOW = '{\\c&H6BD6FF&\\1a&H00&\\3a&H40&}';
const SAID = '{\\c&HFFFFFF&\\1a&H00&\\3a&H40&}';
const TO_COME = '{\\c&HDCC8BE&\\1a&H00&\\3a&H60&}';
const FADE_MS = 120;

/** What is said, word by word, as a subtitle file for a picture of this size. */
export function subtitles(scenes: readonly SpokenScene[], size: Size, duration: number): string {
  const style = spokenStyle(size);
  // A bold letter of this font is about 0.66 of its size wide.
  const room = size.width - 2 * style.marginSides;
  const lineColumns = Math.min(38, Math.floor(room / (style.size * 0.6)));
  return assFile(size, [style], blocksOf(scenes, lineColumns, duration).flatMap(blockEvents));
}

function spokenStyle({ width, height }: Size): AssStyle {
  const unit = Math.min(width, height);
  const tall = height > width;
  return {
    name: 'Spoken',
    font: 'DejaVu Sans',
    size: Math.round(unit * (tall ? 0.07 : 0.062)),
    colour: '&H00FFFFFF',
    outline: '&H40140A05',
    outlineWidth: unit / 260,
    shadow: unit / 360,
    bold: true,
    alignment: 2,
    marginSides: Math.round(width * 0.07),
    // On a phone the lowest sixth lies under buttons.
    marginVertical: Math.round(height * (tall ? 0.19 : 0.085)),
  };
}

/** One event for each word's time: the whole block, with that word lit. */
function blockEvents({ lines, start, end, fadesIn, fadesOut }: Block): AssEvent[] {
  const words = lines.flat();
  return words.map((word, i) => {
    const next = words[i + 1];
    const fade = `{\\fad(${i === 0 && fadesIn ? FADE_MS : 0},${!next && fadesOut ? FADE_MS : 0})}`;
    return {
      start: i === 0 ? start : word.start,
      end: next ? next.start : end,
      style: 'Spoken',
      text: fade + lines.map((line) => lineText(line, i, words)).join('\\N'),
    };
  });
}

function lineText(line: readonly SpokenWord[], current: number, words: readonly SpokenWord[]): string {
  let last = '';
  return line
    .map((word, i) => {
      const at = words.indexOf(word);
      const tag = at === current ? NOW : at < current ? SAID : TO_COME;
      const text =
        (i === 0 ? '' : between(line[i - 1]!.text, word.text)) + (tag === last ? '' : tag) + assText(word.text);
      last = tag;
      return text;
    })
    .join('');
}
