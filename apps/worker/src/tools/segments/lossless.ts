import { addInput, ffmpeg, type Probe } from '@reverie/media';
import type { Running } from '@reverie/pipelines';
import { clockOf } from './clock.ts';
import type { Seen } from './look.ts';
import type { SegmentsPlace } from './place.ts';

interface Encoding extends Seen {
  name: string;
  /** A keyframe every so many seconds. */
  every: number;
  beside?: { name: string; options: readonly string[] } | undefined;
  output: string;
}

/** Encodes every frame again so that it can be cut where it should be: none differs afterwards by one bit, or is shown at another time. */
export async function encodeWithoutLoss(what: Encoding, { ffmpegPath, place }: SegmentsPlace, run: Running) {
  const { name, video, start, seconds, every, beside, output } = what;
  const { text, timescale } = clockOf(video);
  // A clock that goes back is mended by ffmpeg, if it is let.
  const { sane } = what.packets;
  const from = sane ? start.toFixed(6) : '0';
  await ffmpeg(
    (command) => {
      addInput(command, { name, kind: 'source', options: sane ? ['-copyts'] : [] });
      if (beside) command.output(`file:${beside.name}`).outputOptions(...beside.options);
      return command
        .output(`file:${output}`)
        .outputOptions('-map', `0:${video.index}`, ...encoder(video), '-qp', '0', '-preset', 'veryfast')
        .outputOptions('-force_key_frames', `expr:gte(t+0.000001,${from}+n_forced*${every})`)
        .outputOptions('-fps_mode', 'passthrough', '-enc_time_base', text, '-video_track_timescale', `${timescale}`)
        .outputOptions('-movie_timescale', '90000', '-map_chapters', '-1', '-map_metadata', '-1', '-f', 'mp4');
    },
    { ffmpegPath, cwd: place.path, signal: run.signal, progress: { seconds, onPercent: run.progress } },
  );
}

/** x264 takes what pixels there are, but halves of them only where there is an even number. */
function encoder({ pix_fmt = '', width = 0, height = 0, field_order = '' }: Probe['streams'][number]): string[] {
  if (/rgb|bgr|gbr|pal8/.test(pix_fmt)) return ['-c:v', 'libx264rgb'];
  const odd = width % 2 === 1 || height % 2 === 1;
  return [
    ...['-c:v', 'libx264'],
    ...(odd && /420|422|411|410|nv12/.test(pix_fmt)
      ? ['-pix_fmt', /10|12/.test(pix_fmt) ? 'yuv444p10le' : 'yuv444p']
      : []),
    // x264 wants whole pairs of lines in every field.
    ...(/^[tb][tb]$/.test(field_order) && height % 4 === 0 ? ['-flags', '+ildct+ilme'] : []),
  ];
}
