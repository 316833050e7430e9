import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addInput, ffmpeg, ffprobe } from '@reverie/media';
import type { Running } from '@reverie/pipelines';
import { clockOf } from './clock.ts';
import { type Joint, layOut } from './lay-out.ts';
import type { OwnTrack } from './own-sound.ts';
import type { SegmentsPlace } from './place.ts';
import { asAac, copied, firstHeard, namedAs, soundTracks } from './sound-tracks.ts';

interface Whole {
  joints: readonly Joint[];
  seconds: number;
  /** The sound of the source, and how much later than it the picture begins. */
  kept: { name: string; late: number } | undefined;
  own: readonly OwnTrack[];
  output: string;
}

const LIST = 'joints.txt';

/** Picture and sound into one MP4, without touching a frame. */
export async function mux(what: Whole, here: SegmentsPlace, run: Running): Promise<void> {
  const { joints, seconds, kept, own, output } = what;
  const { place, ffmpegPath, ffprobePath } = here;
  const { signal } = run;
  const { text, zero } = layOut(joints);
  await writeFile(join(place.path, LIST), text);
  const { video } = joints[0]!;
  const clock = clockOf(video);
  const last = joints.at(-1)!;
  const shown = last.at + last.begins + last.toLast;
  const lasting = `setts=pts=PTS:dts=DTS:duration=${Math.max(1, Math.round((seconds - shown) / clock.tick))}`;
  const tracks = kept ? soundTracks(await ffprobe(kept.name, { ffprobePath, cwd: place.path, signal })) : [];
  const pictureAt = Math.max(0, kept?.late ?? 0);
  const soundAt = Math.max(0, -(kept?.late ?? 0));
  await ffmpeg(
    (command) => {
      command.input(`file:${LIST}`).inputOptions(...listed(pictureAt + zero), '-copyts');
      if (kept) {
        const options = ['-itsoffset', (soundAt - firstHeard(tracks)).toFixed(6)];
        addInput(command, { name: kept.name, kind: 'any', options });
      }
      for (const { list } of own) command.input(`file:${list}`).inputOptions(...listed(0));
      // Uncompressed pieces have no names.
      for (const { like } of own) addInput(command, { name: like.name, kind: 'source' });
      return command.output(`file:${output}`).outputOptions(
        ...['-map', `0:${video.index}`, '-c:v', 'copy', '-bsf:v', lasting],
        // Apple's players know HEVC by this name alone.
        ...(video.codec_name === 'hevc' ? ['-tag:v', 'hvc1'] : []),
        ...tracks.flatMap((track, j) => ['-map', `1:${track.index}`, ...copied(track, j)]),
        ...tracks.flatMap((track, j) => namedAs(j, { input: 1, track })),
        ...own.flatMap((track, j) => ['-map', `${j + 1}:a`, ...asAac(track, j)]),
        ...own.flatMap(({ like }, j) => namedAs(j, { input: 1 + own.length + j, track: like.track })),
        ...['-video_track_timescale', `${clock.timescale}`, '-movie_timescale', '90000'],
        ...['-strict', 'experimental', '-map_metadata', '-1', '-movflags', '+faststart', '-f', 'mp4'],
      );
    },
    { ffmpegPath, cwd: place.path, signal, progress: { seconds, onPercent: run.progress } },
  );
}

/** The only lists ever read, and we wrote them: names of our own parts. */
const listed = (offset: number) => [
  ...['-protocol_whitelist', 'file', '-itsoffset', offset.toFixed(6), '-f', 'concat'],
];
