import { Failure } from '@reverie/contracts';
import { type FfprobePlace, ffprobe, type Probe, videoOf } from '@reverie/media';
import { type Clock, clockOf } from './clock.ts';
import { type VideoPackets, videoPackets } from './video-packets.ts';

/** A picture by its packets. */
export interface Seen {
  probe: Probe;
  video: Probe['streams'][number];
  packets: VideoPackets;
  frames: number;
  /** When its first frame is shown, on the file's own clock. */
  start: number;
  /** From its first frame to the end of its last. */
  seconds: number;
}

/** Looks at a video without decoding it. */
export async function look(name: string, place: FfprobePlace & { onPacket?(): void }): Promise<Seen> {
  const probe = await ffprobe(name, { ...place, kind: 'source', options: ['-show_data_hash', 'md5'] });
  const video = videoOf(probe);
  if (!video) throw new Failure('media_no_video', 'the file has no picture');
  const { tick } = clockOf(video);
  const seen = await videoPackets(name, { onPacket: () => {}, ...place, index: video.index });
  const packets = { ...seen, end: endIn(probe, video, seen) };
  const { frames, start, end } = packets;
  return { probe, video, packets, frames, start: start * tick, seconds: (end - start) * tick };
}

/** A packet of an MP4 lasts until the next one is decoded, which need not be the next that is shown; but the file has a length. */
function endIn({ format }: Probe, video: Seen['video'], { last, end }: VideoPackets): number {
  if (!/\bmp4\b/.test(format.format_name) || video.duration === undefined) return end;
  const told = Math.round(((video.start_time ?? 0) + video.duration) / clockOf(video).tick);
  return told > last ? told : end;
}

/** How long the last frame is shown, in ticks of some clock. */
export const lastTicks = ({ packets, video }: Seen, clock: Clock): number =>
  Math.max(1, Math.round(((packets.end - packets.last) * clockOf(video).tick) / clock.tick));

/** One frame lasts about so long. */
export const frameOf = ({ seconds, frames }: { seconds: number; frames: number }): number => seconds / frames;
