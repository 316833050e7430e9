import type { Probe } from '@reverie/media';

/** Frames a second as ffmpeg counts them: 30000/1001 is not 29.97. */
export interface Rate {
  over: number;
  under: number;
}

const MOST = 30;
/** What is halved shall still look like a film. */
const LEAST_HALVED = 24;

export const perSecond = ({ over, under }: Rate): number => over / under;
export const rateText = ({ over, under }: Rate): string => `${over}/${under}`;

export function readRate(text = '0/0'): Rate | undefined {
  const [over = 0, under = 0] = text.split('/').map(Number);
  return over > 0 && under > 0 ? { over, under } : undefined;
}

/** The finest step and the average are the same thing where all frames last equally long. */
export function isSteady({ r_frame_rate, avg_frame_rate }: Probe['streams'][number]): boolean {
  const [finest, average] = [readRate(r_frame_rate), readRate(avg_frame_rate)];
  return !!finest && !!average && Math.abs(perSecond(finest) / perSecond(average) - 1) < 0.01;
}

/** At most 30, never more than there was. 50 and 59.94 become their halves, so that what moved evenly still does. */
export function targetRate(stream: Probe['streams'][number]): Rate {
  const rate = readRate(stream.r_frame_rate) ?? readRate(stream.avg_frame_rate) ?? { over: MOST, under: 1 };
  if (perSecond(rate) <= MOST) return rate;
  const part = { over: rate.over, under: rate.under * Math.ceil(perSecond(rate) / MOST - 1e-9) };
  return isSteady(stream) && perSecond(part) >= LEAST_HALVED ? part : { over: MOST, under: 1 };
}
