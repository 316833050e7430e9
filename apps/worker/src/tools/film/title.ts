import { type AssStyle, assFile } from './ass.ts';
import { columns, lettersOf } from './columns.ts';
import { assText, plainText, withoutEmoji } from './plain-text.ts';

interface Size {
  width: number;
  height: number;
}

const MOST_LETTERS = 120;

/** The title, set on the poster: large when it is short, with a thin line under it. */
export function titleCard(title: string, size: Size): string {
  const { width, height } = size;
  const unit = Math.min(width, height);
  const letters = lettersOf(plainText(withoutEmoji(title)));
  const shown = letters.length > MOST_LETTERS ? `${letters.slice(0, MOST_LETTERS - 1).join('')}…` : letters.join('');
  const fontSize = Math.round(unit * (columns(shown) <= 18 ? 0.125 : columns(shown) <= 40 ? 0.095 : 0.068));
  const style: AssStyle = {
    name: 'Title',
    font: 'DejaVu Serif',
    size: fontSize,
    colour: '&H00F4FAFF',
    outline: '&H78140A05',
    outlineWidth: unit / 300,
    shadow: 0,
    bold: true,
    spacing: unit / 400,
    alignment: 2,
    marginSides: Math.round(width * 0.09),
    marginVertical: Math.round(height * 0.16),
  };
  const glow = { ...style, name: 'Glow', colour: '&HFF000000', outline: '&H98000000', outlineWidth: unit / 22 };
  const rule = {
    ...style,
    name: 'Rule',
    outlineWidth: 0,
    colour: '&H50F4FAFF',
    marginVertical: Math.round(height * 0.12),
  };
  const w = Math.round(unit * 0.22);
  const h = Math.max(2, Math.round(unit / 240));
  const whole = { start: 0, end: 10 };
  return assFile(
    size,
    [style, glow, rule],
    [
      { ...whole, style: 'Glow', text: `{\\blur${Math.round(unit / 18)}}${assText(shown)}` },
      { ...whole, style: 'Title', layer: 1, text: `{\\blur0.6}${assText(shown)}` },
      { ...whole, style: 'Rule', layer: 1, text: `{\\p1}m 0 0 l ${w} 0 ${w} ${h} 0 ${h}{\\p0}` },
    ],
  );
}
