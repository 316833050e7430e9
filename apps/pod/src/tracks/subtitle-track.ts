import type { Segment } from '@reverie/contracts';
import { asVtt } from '@reverie/pipelines';

/** So much of the subtitles is in one file: a player that begins in the middle need not fetch them all. */
const FILE_SECONDS = 60;
const MPEG_CLOCK = 90_000;

/** All subtitles in one file, as a page gives it to a `<track>`. What people should know of them stands in it. */
export const wholeVtt = (cues: readonly Segment[], note: string | undefined): string =>
  note === undefined ? asVtt(cues) : asVtt(cues).replace('WEBVTT\n', `WEBVTT\n\nNOTE ${note}\n`);

/**
 * The same as a rendition of HLS: a playlist, and files of a minute each, a cue in every file in which it can be seen. Each says
 * which moment of the video's clock its 0 is, or they would be as much too early as that clock is ahead.
 */
export function subtitleTrack(
  cues: readonly Segment[],
  { seconds, beginsAt }: { seconds: number; beginsAt: number },
): Record<string, string> {
  const map = `X-TIMESTAMP-MAP=MPEGTS:${Math.round(beginsAt * MPEG_CLOCK)},LOCAL:00:00:00.000`;
  const count = Math.max(1, Math.ceil(seconds / FILE_SECONDS - 0.01));
  const files = Array.from({ length: count }, (_, i) => {
    const from = i * FILE_SECONDS;
    const isLast = i === count - 1;
    const until = isLast ? Number.POSITIVE_INFINITY : from + FILE_SECONDS;
    const seen = cues.filter(({ start, end }) => start < until && end > from);
    return {
      name: `subtitles-${String(i).padStart(4, '0')}.vtt`,
      seconds: isLast ? Math.max(0.001, seconds - from) : FILE_SECONDS,
      text: asVtt(seen).replace('WEBVTT\n', `WEBVTT\n${map}\n`),
    };
  });
  const playlist = [
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    `#EXT-X-TARGETDURATION:${Math.ceil(Math.max(...files.map((file) => file.seconds)))}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    ...files.flatMap((file) => [`#EXTINF:${file.seconds.toFixed(3)},`, file.name]),
    '#EXT-X-ENDLIST',
    '',
  ];
  return { 'subtitles.m3u8': playlist.join('\n'), ...Object.fromEntries(files.map(({ name, text }) => [name, text])) };
}
