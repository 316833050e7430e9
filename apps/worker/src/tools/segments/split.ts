import { addInput, ffmpeg } from '@reverie/media';
import type { Running } from '@reverie/pipelines';
import type { FrameAt } from './clean-cuts.ts';
import { clockOf } from './clock.ts';
import type { Seen } from './look.ts';
import type { SegmentsPlace } from './place.ts';

/** What is cut, and where. */
interface Splitting extends Seen {
  name: string;
  cuts: readonly FrameAt[];
  /** Frames shown before the first keyframe are left out. */
  dropLead: boolean;
  /** More of the same input, made on the way. */
  beside?: { name: string; options: readonly string[] } | undefined;
}

export const partName = (k: number) => `part-${String(k).padStart(5, '0')}.mp4`;

/** Cuts without touching a frame: every part is an MP4 of its own that begins at 0. */
export async function split(what: Splitting, { ffmpegPath, place }: SegmentsPlace, run: Running): Promise<void> {
  const { name, video, packets, seconds, cuts, dropLead, beside } = what;
  const zero = `STARTPTS+${packets.lead.ticks}`;
  const filters = [...(dropLead ? ['noise=drop=lt(pts\\,startpts)'] : []), `setts=pts=PTS-${zero}:dts=DTS-${zero}`];
  await ffmpeg(
    (command) => {
      addInput(command, { name, kind: 'source', options: ['-copyts'] });
      if (beside) command.output(`file:${beside.name}`).outputOptions(...beside.options);
      return (
        command
          .output('file:part-%05d.mp4')
          .outputOptions('-map', `0:${video.index}`, '-c', 'copy', '-map_chapters', '-1', '-map_metadata', '-1')
          .outputOptions('-bsf:v', filters.join(','), '-avoid_negative_ts', 'disabled')
          .outputOptions('-f', 'segment', '-segment_format', 'mp4', '-reset_timestamps', '1')
          .outputOptions('-segment_format_options', `video_track_timescale=${clockOf(video).timescale}`)
          // It counts packets, so a cut is exactly where it was found.
          .outputOptions('-segment_frames', cuts.length > 0 ? cuts.map(({ frame }) => frame).join(',') : NEVER)
      );
    },
    {
      ffmpegPath,
      cwd: place.path,
      signal: run.signal,
      progress: { seconds, onPercent: run.progress },
    },
  );
}

/** More frames than any video has. */
const NEVER = '2000000000';
