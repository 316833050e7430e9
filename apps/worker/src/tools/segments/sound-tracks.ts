import type { Probe } from '@reverie/media';

type Track = Probe['streams'][number];

/** What MP4 has a name for. Everything else becomes AAC. */
const HELD = ['aac', 'mp2', 'mp3', 'ac3', 'eac3', 'dts', 'alac', 'opus', 'flac'];

/** The sound tracks of a file that can be told what they are. */
export const soundTracks = ({ streams }: Probe): Track[] =>
  streams.filter(
    ({ codec_type, codec_name, sample_rate }) => codec_type === 'audio' && codec_name !== 'unknown' && sample_rate,
  );

/** Output options for a file of all these tracks: as they are where MP4 can hold them. */
export const keptAsTheyAre = (tracks: readonly Track[]): string[] => [
  ...tracks.flatMap(({ index }) => ['-map', `0:${index}`]),
  ...tracks.flatMap((track, i) => (HELD.includes(track.codec_name) ? copied(track, i) : asAac(track, i))),
  ...tracks.flatMap((track, i) => namedAs(i, { input: 0, track })),
  // Of a file that begins a day after midnight, or 21 ms before zero, in steps finer than the millisecond.
  ...['-movie_timescale', '90000', '-strict', 'experimental', '-map_chapters', '-1', '-map_metadata', '-1'],
  ...['-f', 'mp4'],
];

/** No longer than anybody would show. */
const MOST_OF_A_TITLE = 200;

/**
 * Gives a track the language and the name of another. ffmpeg writes a title into an MP4, but before it is read there again it
 * would be lost: 7.0 reads only the name of the handler.
 */
export function namedAs(i: number, { input, track }: { input: number; track: Track }): string[] {
  const title = track.tags?.title?.slice(0, MOST_OF_A_TITLE).toWellFormed();
  return [
    ...[`-map_metadata:s:a:${i}`, `${input}:s:${track.index}`],
    ...(title ? [`-metadata:s:a:${i}`, `handler_name=${title}`] : []),
  ];
}

/** Takes a track over as it is. */
export const copied = ({ codec_name }: Track, i: number): string[] => [
  ...[`-c:a:${i}`, 'copy'],
  ...(['flac', 'alac'].includes(codec_name) ? [`-bsf:a:${i}`, AS_LONG_AS_THE_ONE_BEFORE] : []),
];

/** Of these nobody can tell how long the last packet lasts: it would be taken for nothing, and be lost. */
const AS_LONG_AS_THE_ONE_BEFORE = 'setts=duration=if(gt(DURATION\\,0)\\,DURATION\\,if(gt(N\\,0)\\,PTS-PREV_INPTS\\,0))';

/** Rich enough that nobody hears a second generation. */
export const asAac = ({ channels = 2 }: { channels?: number | undefined }, i: number): string[] => [
  ...[`-c:a:${i}`, 'aac', `-b:a:${i}`, `${96 * Math.min(channels, 8)}k`],
  ...(channels > 8 ? [`-ac:a:${i}`, '2'] : []),
];

/** When the earliest sound is heard, on the file's own clock. */
export const firstHeard = (tracks: readonly Track[]): number =>
  Math.min(...tracks.map(({ start_time = 0 }) => start_time));
