import type { Rendition } from '../video/rendition.ts';

interface Described {
  language: string;
  /** How a player's menu calls the subtitles. */
  name: string;
}

/** The playlist that players open: one picture, and subtitles that can be switched on. */
export function masterPlaylist(video: Omit<Rendition, 'plan' | 'beginsAt'>, { language, name }: Described): string {
  const { width = 0, height = 0, fps = 0 } = video.facts.video ?? {};
  const { peak, average } = bandwidths(video);
  const stream = [
    `BANDWIDTH=${peak}`,
    `AVERAGE-BANDWIDTH=${average}`,
    `CODECS="${video.codecs}"`,
    `RESOLUTION=${width}x${height}`,
    `FRAME-RATE=${fps.toFixed(3)}`,
    `SUBTITLES="${GROUP}"`,
  ];
  const subtitles = [
    ...['TYPE=SUBTITLES', `GROUP-ID="${GROUP}"`, `NAME="${name.replaceAll('"', '')}"`, `LANGUAGE="${language}"`],
    ...['DEFAULT=NO', 'AUTOSELECT=YES', 'FORCED=NO', 'URI="subtitles.m3u8"'],
  ];
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:4',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MEDIA:${subtitles.join(',')}`,
    `#EXT-X-STREAM-INF:${stream.join(',')}`,
    video.playlist,
    '',
  ].join('\n');
}

const GROUP = 'subtitles';

/** In bits a second. The peak is that of whole segments: a last one of three frames would tell of a rate that nobody ever needs. */
function bandwidths({ segments, seconds }: Pick<Rendition, 'segments' | 'seconds'>) {
  const longest = Math.max(...segments.map((segment) => segment.seconds));
  const whole = segments.filter((segment) => segment.seconds >= longest / 2);
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  return {
    peak: Math.ceil(Math.max(...whole.map((segment) => (8 * segment.bytes) / segment.seconds))),
    average: Math.ceil((8 * bytes) / seconds),
  };
}
