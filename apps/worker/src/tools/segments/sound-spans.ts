import { askFfprobe, type FfprobePlace, type Probe } from '@reverie/media';

/** What one sound track of a segment covers, on the segment's own clock. */
export interface SoundSpan {
  track: Probe['streams'][number];
  start: number;
  end: number;
}

/** By its packets: a track may begin before the picture and end after it. Undefined where it has none. */
export async function soundSpan(
  name: string,
  { track, ...place }: FfprobePlace & { track: Probe['streams'][number] },
): Promise<SoundSpan | undefined> {
  let [start, end] = [Infinity, -Infinity];
  const onLine = (line: string) => {
    const [at = NaN, length = NaN] = line.split(',').map(Number.parseFloat);
    if (Number.isNaN(at)) return; // an empty line is how ffprobe says that a packet has more to it
    start = Math.min(start, at);
    end = Math.max(end, at + (length || 0));
  };
  const shown = ['-show_entries', 'packet=pts_time,duration_time', '-of', 'csv=p=0'];
  await askFfprobe(name, ['-select_streams', `${track.index}`, ...shown], { ...place, kind: 'source', onLine });
  return end > start ? { track, start, end } : undefined;
}
