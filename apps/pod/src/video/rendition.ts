import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, type MediaFacts } from '@reverie/contracts';
import { addInput, factsOf, ffmpeg, ffprobe, needFfmpeg, percentOf, videoOf } from '@reverie/media';
import type { Bench, Run } from '../bench.ts';
import { readPlaylist } from '../input/hls-playlist.ts';
import { type Input, unreadable } from '../input/look.ts';
import { codecsOf } from './codecs.ts';
import { type Plan, pictureFilters, planFor } from './plan.ts';

/** The video as HLS: a playlist and its segments in the folder for what is uploaded. */
export interface Rendition {
  playlist: string;
  segments: { name: string; seconds: number; bytes: number }[];
  seconds: number;
  /** When the video begins on the clock of its segments: subtitles have to say it in their words. */
  beginsAt: number;
  facts: MediaFacts;
  /** As a master playlist names them. */
  codecs: string;
  plan: Plan;
}

/** The folder, in that of the run, for all that is uploaded. */
export const OUT = 'out';
const PLAYLIST = 'video.m3u8';

/** Cuts the video into segments of about so many seconds. MPEG-TS: there is nothing that does not play it. */
export async function makeRendition(input: Input, segmentSeconds: number, bench: Bench, run: Run): Promise<Rendition> {
  const { ffmpegPath, ffprobePath } = bench;
  const { dir, signal, progress } = run;
  await needFfmpeg(ffmpegPath, { least: 501, what: 'a pod needs' });
  const plan = await planFor(input, segmentSeconds, { ffprobePath, cwd: dir, signal }).catch(unreadable);
  const follow = percentOf(input.seconds, (percent) => progress(65 + percent / 4, plan.copiesVideo ? 'cut' : 'encode'));
  const cwd = join(dir, OUT);
  await ffmpeg(
    (command) => {
      const { picture, sound } = input;
      const files = [...new Set([picture, ...(sound ? [sound] : [])].map((track) => track.file))];
      for (const name of files) {
        const { fileLate } = picture.file === name ? picture : sound!;
        const options = fileLate > 0 ? ['-itsoffset', fileLate.toFixed(6)] : [];
        addInput(command, { name: `../${name}`, kind: 'source', options });
      }
      return command
        .output(`file:${PLAYLIST}`)
        .outputOptions(
          ...['-map', `0:${picture.index}`, ...pictureOptions(plan, input, segmentSeconds)],
          ...(sound ? ['-map', `${files.indexOf(sound.file)}:${sound.index}`, ...soundOptions(plan)] : []),
          ...['-map_metadata', '-1', '-map_chapters', '-1', '-f', 'hls', '-hls_time', String(segmentSeconds)],
          ...['-hls_playlist_type', 'vod', '-hls_list_size', '0', '-hls_flags', 'independent_segments'],
          ...['-hls_segment_type', 'mpegts', '-hls_segment_filename', 'video-%05d.ts'],
        );
    },
    { ffmpegPath, cwd, signal, onLine: follow },
  ).catch(unreadable);
  return { ...(await lookAtSegments(input, bench, run)), plan };
}

const pictureOptions = ({ copiesVideo }: Plan, input: Input, segmentSeconds: number): string[] =>
  copiesVideo
    ? ['-c:v', 'copy']
    : [
        ...['-filter:v', pictureFilters(input), '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21'],
        // Wherever a segment is to begin there is a keyframe, and not many besides.
        ...['-force_key_frames', `expr:gte(t,n_forced*${segmentSeconds})`, '-g', '600', '-fps_mode', 'vfr'],
      ];

const soundOptions = ({ copiesAudio }: Plan): string[] =>
  copiesAudio
    ? ['-c:a', 'copy']
    : ['-filter:a', 'aresample=async=1', '-c:a', 'aac', '-b:a', '160k', '-ac', '2', '-ar', '48000'];

async function lookAtSegments({ picture }: Input, bench: Bench, run: Run): Promise<Omit<Rendition, 'plan'>> {
  const { dir, signal } = run;
  const cwd = join(dir, OUT);
  const playlist = readPlaylist(await readFile(join(cwd, PLAYLIST), 'utf8'));
  if (playlist.kind !== 'media') throw new Failure('output_rejected', 'ffmpeg made a playlist of no segments');
  const segments = await Promise.all(
    playlist.segments.map(async ({ uri, seconds }) => ({
      ...{ name: uri, seconds },
      bytes: (await stat(join(cwd, uri))).size,
    })),
  );
  const first = segments[0]!.name;
  const look = { ffprobePath: bench.ffprobePath, cwd, signal, kind: 'source' } as const;
  const probe = await ffprobe(first, look);
  const seconds = segments.reduce((sum, segment) => sum + segment.seconds, 0);
  return {
    ...{ playlist: PLAYLIST, segments, seconds },
    // By the picture: encoded sound begins a moment before the sound itself.
    beginsAt: (videoOf(probe)?.start_time ?? 0) - picture.late,
    facts: factsOf(probe, seconds),
    codecs: await codecsOf(first, { ...bench, ...look }),
  };
}
