/** Long enough for the deepest voice, short enough to find where a word ends. */
const WINDOW_SECONDS = 0.02;

/** ffmpeg filters that tell, window by window, how loud what passes through is; and how long a window of theirs lasts. */
export function levelMeter(sampleRate: number): { filters: string; windowSeconds: number } {
  const samples = Math.round(sampleRate * WINDOW_SECONDS);
  const filters = [
    `asetnsamples=n=${samples}:p=0`,
    'astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level',
    // `direct`: whole lines at once, or those of -progress would come in the middle of them.
    `ametadata=mode=print:key=${KEY}:file=-:direct=1`,
  ];
  return { filters: filters.join(','), windowSeconds: samples / sampleRate };
}

const KEY = 'lavfi.astats.Overall.RMS_level';

/** Decibels below full scale, from a line of ffmpeg's output; undefined for any other line. */
export function levelIn(line: string): number | undefined {
  if (!line.startsWith(`${KEY}=`)) return undefined;
  const level = Number(line.slice(KEY.length + 1));
  return Number.isNaN(level) ? Number.NEGATIVE_INFINITY : level; // `-inf`: not one sample but 0
}
