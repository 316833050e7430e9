import { Failure } from '@reverie/contracts';
import { type FfprobePlace, ffprobe, type Probe, videoOf } from '@reverie/media';
import { clockOf } from './clock.ts';
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
  /** From its first frame to its last: how long that one is shown, containers do not always know. */
  toLast: number;
}

/** Looks at a video without decoding it. */
export async function look(name: string, place: FfprobePlace & { onPacket?(): void }): Promise<Seen> {
  const probe = await ffprobe(name, { ...place, kind: 'source', options: ['-show_data_hash', 'md5'] });
  const video = videoOf(probe);
  if (!video) throw new Failure('media_no_video', 'the file has no picture');
  const seen = await videoPackets(name, { onPacket: () => {}, ...place, index: video.index });
  const packets = { ...seen, end: endIn(probe, video, seen) };
  return seenBy(probe, video, packets);
}

/** The same in seconds. */
export function seenBy(probe: Probe, video: Seen['video'], packets: VideoPackets): Seen {
  const { tick } = clockOf(video);
  const { frames, start, last, end } = packets;
  const [seconds, toLast] = [(end - start) * tick, (last - start) * tick];
  return { probe, video, packets, frames, start: start * tick, seconds, toLast };
}

/** A packet of an MP4 lasts until the next one is decoded, which need not be the next that is shown; but the file has a length. */
function endIn({ format }: Probe, video: Seen['video'], { last, end }: VideoPackets): number {
  if (!/\bmp4\b/.test(format.format_name) || video.duration === undefined) return end;
  const told = Math.round(((video.start_time ?? 0) + video.duration) / clockOf(video).tick);
  return told > last ? told : end;
}

/** One frame lasts about so long. */
export const frameOf = ({ seconds, frames }: { seconds: number; frames: number }): number => seconds / frames;
