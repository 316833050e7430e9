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
}

/** Looks at a video without decoding it. */
export async function look(name: string, place: FfprobePlace & { onPacket?(): void }): Promise<Seen> {
  const probe = await ffprobe(name, { ...place, kind: 'source', options: ['-show_data_hash', 'md5'] });
  const video = videoOf(probe);
  if (!video) throw new Failure('media_no_video', 'the file has no picture');
  const packets = await videoPackets(name, { onPacket: () => {}, ...place, index: video.index });
  const { tick } = clockOf(video);
  const { frames, start, end } = packets;
  return { probe, video, packets, frames, start: start * tick, seconds: (end - start) * tick };
}

/** One frame lasts about so long. */
export const frameOf = ({ seconds, frames }: { seconds: number; frames: number }): number => seconds / frames;
