import type { Running } from '@reverie/pipelines';

/** Part of the work: its 0 to 100 are `from` to `to` of the whole. */
export const stretch = (run: Running, from: number, to: number): Running => ({
  signal: run.signal,
  progress: (percent) => run.progress(from + ((to - from) * percent) / 100),
});
