import type { Probe } from '@reverie/media';

/** What a stream's timestamps count. */
export interface Clock {
  /** One tick in seconds. */
  tick: number;
  /** As ffmpeg writes it. */
  text: string;
  /** For an MP4 that is to keep every timestamp as it is: so many to the second. */
  timescale: number;
}

export function clockOf({ time_base: text = '1/1000' }: Probe['streams'][number]): Clock {
  const [over = 1, under = 1000] = text.split('/').map(Number);
  return { tick: over / under, text, timescale: under };
}
