import { Failure } from '@reverie/contracts';
import { askFfprobe, type FfprobePlace } from '@reverie/media';
import { cleanCuts, type FrameAt } from './clean-cuts.ts';

/** All packets of a picture, looked at once and not decoded. Times are in ticks of the stream's own clock. */
export interface VideoPackets {
  /** Without those before the first keyframe, which nothing can decode. */
  frames: number;
  /** Where the first frame is shown. */
  start: number;
  /** Where the last one is shown, and where it ends. */
  last: number;
  end: number;
  /** Frames that come after the first keyframe and are shown before it: most need others that are not there. */
  lead: { frames: number; ticks: number };
  /** Where it can be cut without touching a frame, the beginning itself not among them. */
  cuts: FrameAt[];
  /** Every packet says when it is shown, none is hidden by an edit list, and the clock never goes back. */
  sane: boolean;
}

/** Streams the packets of one stream by: hours of video have millions. */
export async function videoPackets(
  name: string,
  { index, onPacket, ...place }: FfprobePlace & { index: number; onPacket(): void },
): Promise<VideoPackets> {
  const clean = cleanCuts();
  let [frames, leading, sane] = [0, 0, true];
  let firstKey: number | undefined;
  let [start, latest, lastLength, lastDts] = [Infinity, -Infinity, 0, -Infinity];
  const onLine = (line: string) => {
    onPacket();
    if (line === '') return; // how ffprobe says that a packet has more to it
    const [shown, decoded, lasting, flags = ''] = line.split(',', 4);
    const [pts, dts, length] = [Number(shown), Number(decoded), Number(lasting)];
    const isKey = flags.startsWith('K');
    if (firstKey === undefined && !isKey) return;
    firstKey ??= pts;
    if (Number.isNaN(pts) || dts < lastDts || flags.includes('D')) sane = false;
    if (!Number.isNaN(dts)) lastDts = dts;
    if (pts < firstKey) leading++;
    clean.see({ frame: frames++, pts }, isKey);
    start = Math.min(start, pts);
    if (pts > latest) [latest, lastLength] = [pts, length];
  };
  const asked = ['-select_streams', `${index}`, '-show_entries', 'packet=pts,dts,duration,flags', '-of', 'csv=p=0'];
  const trace = await askFfprobe(name, asked, { ...place, kind: 'source', onLine });
  if (firstKey === undefined) {
    throw new Failure('media_unreadable', 'the picture has no keyframe: nothing of it can be shown', { trace });
  }
  // Some containers do not say how long a frame is shown: as long as the others.
  const usual = frames > 1 ? (latest - start) / (frames - 1) : 1;
  const end = latest + (lastLength > 0 ? lastLength : usual);
  return {
    frames,
    start,
    last: latest,
    end,
    lead: { frames: leading, ticks: firstKey - start },
    cuts: clean.found(),
    sane,
  };
}

/** The same where the lead cannot be decoded, and is left out. */
export const withoutLead = ({ lead, ...packets }: VideoPackets): VideoPackets => ({
  ...packets,
  frames: packets.frames - lead.frames,
  start: packets.start + lead.ticks,
  cuts: packets.cuts.map(({ frame, pts }) => ({ frame: frame - lead.frames, pts })),
  lead: { frames: 0, ticks: 0 },
});
