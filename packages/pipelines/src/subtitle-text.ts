import type { Segment } from '@reverie/contracts';

/** 3661.5 → 01:01:01,500 */
function timecode(seconds: number, point: ',' | '.'): string {
  const ms = Math.round(Math.max(0, seconds) * 1000);
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${point}${String(ms % 1000).padStart(3, '0')}`;
}

/** An empty line would end the cue, and an arrow begin another. */
const inOneCue = (text: string) =>
  text
    .replace(/\s*[\r\n]\s*/g, '\n')
    .replaceAll('-->', '→')
    .trim();

const said = (segments: readonly Segment[]) => segments.filter(({ text }) => text.trim() !== '');

/** SubRip */
export const asSrt = (segments: readonly Segment[]): string =>
  said(segments)
    .map(
      ({ start, end, text }, i) => `${i + 1}\n${timecode(start, ',')} --> ${timecode(end, ',')}\n${inOneCue(text)}\n`,
    )
    .join('\n');

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** WebVTT */
export const asVtt = (segments: readonly Segment[]): string =>
  [
    'WEBVTT\n',
    ...said(segments).map(
      ({ start, end, text }) =>
        `${timecode(start, '.')} --> ${timecode(end, '.')}\n${inOneCue(text).replace(/[&<>]/g, (c) => ENTITIES[c]!)}\n`,
    ),
  ].join('\n');
