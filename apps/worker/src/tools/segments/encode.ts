import type { Probe } from '@reverie/media';
import { clockOf } from './clock.ts';

/** Output options for one more generation of a picture that nobody sees, every frame at its own time on the clock of `like`. */
export function encodedOn(like: Probe['streams'][number]): string[] {
  const { text, timescale } = clockOf(like);
  return [
    ...['-c:v', 'libx264', '-crf', '18', '-preset', 'veryfast', '-bsf:v', SAME_FOR_ALL],
    ...['-fps_mode', 'passthrough', '-enc_time_base', text, '-video_track_timescale', `${timescale}`],
    // The place of the first frame is kept in steps finer than the millisecond.
    ...['-movie_timescale', '90000', '-map_chapters', '-1', '-map_metadata', '-1', '-f', 'mp4'],
  ];
}

/**
 * Segments can be joined as they are where all tell a decoder the same before the first frame. x264 tells what its rate asks
 * of a decoder, too, and a segment of an unsteady rate has another than its neighbours. MP4 has all times itself.
 */
const SAME_FOR_ALL = 'h264_metadata=tick_rate=50:fixed_frame_rate_flag=0:level=auto';
