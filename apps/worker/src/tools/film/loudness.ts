import { z } from 'zod';

const TARGET = { integrated: -16, truePeak: -1.5 } as const;
const LOUDNORM = `loudnorm=I=${TARGET.integrated}:TP=${TARGET.truePeak}`;

/** For the preview: near enough, and without a look at it beforehand. */
export const quickLoudness = 'dynaudnorm=f=250:g=15:p=0.6:m=20';

/** First pass: what is there. Its figures are the last thing the command says. */
export const measureLoudness = `${LOUDNORM}:LRA=20:print_format=json`;

const Figure = z.coerce.number();
const Measured = z.object({
  input_i: Figure,
  input_tp: Figure,
  input_lra: Figure,
  input_thresh: Figure,
  target_offset: Figure,
});
export type Measured = z.infer<typeof Measured>;

/** Undefined when nothing is heard: silence has no loudness (`-inf`). */
export function readLoudness(log: string): Measured | undefined {
  const json = /\{[^{}]*"input_i"[^{}]*\}/.exec(log)?.[0];
  const read = Measured.safeParse(json && JSON.parse(json));
  return read.success && Object.values(read.data).every(Number.isFinite) && read.data.input_i > -70
    ? read.data
    : undefined;
}

/**
 * Second pass: one gain for all of it, as nothing sounds as good as what is left alone. Where that would push peaks over
 * the limit loudnorm would ride the gain; we limit the peaks instead, which is heard less and hits the target.
 */
export function normaliseLoudness(measured: Measured | undefined): string {
  if (!measured) return 'anull';
  const { input_i, input_tp, input_lra, input_thresh, target_offset } = measured;
  const gain = Math.min(30, TARGET.integrated - input_i);
  if (input_tp + gain > TARGET.truePeak || gain >= 30) {
    return `volume=${gain.toFixed(2)}dB,aresample=96000,alimiter=limit=0.81:level=0:attack=3:release=60`;
  }
  const figures = `measured_I=${input_i}:measured_TP=${input_tp}:measured_LRA=${input_lra}:measured_thresh=${input_thresh}`;
  return `${LOUDNORM}:LRA=${Math.max(7, Math.min(20, input_lra + 1))}:${figures}:offset=${target_offset}:linear=true`;
}
