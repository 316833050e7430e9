import type { CommandTrace } from '@reverie/contracts';
import { askFfprobe, type FfprobePlace } from '@reverie/media';

/** When the last packet of a file ends, on the file's own clock, and what ffprobe complained of on the way there. Nothing is decoded. */
export async function lastPacket(
  name: string,
  { from, onPacket, ...place }: FfprobePlace & { from: number; onPacket(): void },
): Promise<{ end: number; trace: CommandTrace }> {
  let end = 0;
  const onLine = (line: string) => {
    onPacket();
    const [pts = '', dts = '', length = ''] = line.split(',');
    // Bare streams of sound have no clock: there one packet follows the other.
    const at = [pts, dts].map(Number.parseFloat).find(Number.isFinite) ?? end;
    end = Math.max(end, at + (Number.parseFloat(length) || 0));
  };
  const interval = from > 0 ? ['-read_intervals', `${from.toFixed(3)}%`] : [];
  const shown = ['-show_entries', 'packet=pts_time,dts_time,duration_time', '-of', 'csv=p=0'];
  const trace = await askFfprobe(name, [...interval, ...shown], { ...place, kind: 'source', onLine });
  return { end, trace };
}
