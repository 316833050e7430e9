import { askFfprobe, type FfprobePlace } from '@reverie/media';
import type { Track } from '../input/look.ts';

/**
 * The longest time between two keyframes of a track: an HLS segment begins with one, so none can be shorter. Infinite where
 * the track does not begin with one. Nothing is decoded.
 */
export async function longestWait({ file, index }: Track, place: FfprobePlace): Promise<number> {
  let longest = 0;
  let last: number | undefined;
  let end = 0;
  const onLine = (line: string) => {
    const [time = '', flags = ''] = line.split(',');
    const at = Number.parseFloat(time);
    if (!Number.isFinite(at)) return;
    const isKey = flags.startsWith('K');
    if (isKey && last !== undefined) longest = Math.max(longest, at - last);
    if (isKey) last = at;
    // The first packet of all is no keyframe: what comes before one cannot be shown.
    else if (last === undefined) longest = Number.POSITIVE_INFINITY;
    end = Math.max(end, at);
  };
  const shown = ['-select_streams', String(index), '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0'];
  await askFfprobe(file, shown, { ...place, kind: 'source', onLine });
  return last === undefined ? Number.POSITIVE_INFINITY : Math.max(longest, end - last);
}
