import { askFfprobe, type FfprobePlace } from '@reverie/media';

/** Whether a part begins with a whole picture. Some encoders call a frame key that only begins to be one. */
export async function beginsWhole(name: string, place: FfprobePlace & { index: number }): Promise<boolean> {
  const [first = ''] = await firstFrames(name, { ...place, packets: 1, entry: 'pict_type' });
  return first.startsWith('I');
}

/** When the first frame is shown that can be decoded, in ticks. */
export async function firstDecoded(
  name: string,
  { packets, ...place }: FfprobePlace & { index: number; packets: number },
): Promise<number> {
  const [first = ''] = await firstFrames(name, { ...place, packets, entry: 'pts' });
  return Number.parseInt(first, 10);
}

async function firstFrames(
  name: string,
  { index, packets, entry, ...place }: FfprobePlace & { index: number; packets: number; entry: string },
): Promise<string[]> {
  const frames: string[] = [];
  const which = ['-read_intervals', `%+#${packets}`, '-select_streams', `${index}`];
  const asked = [...which, '-show_entries', `frame=${entry}`, '-of', 'csv=p=0'];
  await askFfprobe(name, asked, { ...place, kind: 'source', onLine: (line) => line !== '' && frames.push(line) });
  return frames;
}
