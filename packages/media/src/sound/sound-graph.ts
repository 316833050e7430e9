import type { SoundWish } from '@reverie/pipelines';
import { levelMeter } from './levels.ts';

/** FLAC has room for no more. */
const MOST_CHANNELS = 8;

/** What a sound track goes through: the wished filters, and at the end a meter. What is not wished stays as it was. */
export function soundGraph(
  wish: Omit<SoundWish, 'isolateVocals'>,
  track: { sampleRate: number; channels: number; lateSeconds: number },
): { filters: string; windowSeconds: number } {
  const sampleRate = wish.sampleRate16k ? 16_000 : track.sampleRate;
  const mono = wish.mono || track.channels > MOST_CHANNELS;
  const late = Math.round(track.lateSeconds * sampleRate);
  const meter = levelMeter(sampleRate);
  const filters = [
    // ffmpeg forgets how late the sound of a transport stream begins when it is not asked for its picture, too.
    'asetpts=PTS-STARTPTS',
    // Gaps are filled with silence, or what is said after them would be shown too early.
    // rematrix_maxval: two loud channels are added up and would clip.
    `aresample=async=1:first_pts=0:osr=${sampleRate}:filter_size=64${mono ? ':ochl=mono:rematrix_maxval=1' : ''}`,
    ...(late > 0 ? [`adelay=${late}S:all=1`] : []),
    ...(wish.highPass ? ['highpass=f=80:poles=2'] : []),
    // It learns the noise by itself, whenever nobody speaks for an eighth of a second. (afftdn's tracking took 0.4 dB off a
    // floor of -35 dB, where this takes 16.)
    ...(wish.removeNoise ? [`afwtdn=adaptive=1:samples=${Math.round(sampleRate / 8)}`] : []),
    meter.filters,
  ];
  return { filters: filters.join(','), windowSeconds: meter.windowSeconds };
}
