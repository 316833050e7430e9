import type { Span } from '@reverie/contracts';

/** Shorter ones are between two words, not between two thoughts. */
const SHORTEST_SECONDS = 0.3;
/** Voices come and go, and so does noise: how loud speech is here is judged by a minute and a half around it. */
const BLOCK_SECONDS = 30;
/** Below this nobody speaks, however quiet the recording. */
const SILENCE_DB = -50;

/** Where nobody speaks, by how loud each window of a recording is. The last window is rarely a whole one: nothing is after `duration`. */
export function restsIn(levels: readonly number[], windowSeconds: number, duration: number): Span[] {
  const block = Math.round(BLOCK_SECONDS / windowSeconds);
  const shortest = Math.round(SHORTEST_SECONDS / windowSeconds);
  const rests: Span[] = [];
  let quietSince: number | undefined;
  let threshold = SILENCE_DB;
  const endAt = (window: number) => {
    if (quietSince !== undefined && window - quietSince >= shortest)
      rests.push({ start: quietSince * windowSeconds, end: Math.min(duration, window * windowSeconds) });
    quietSince = undefined;
  };
  for (const [window, level] of levels.entries()) {
    if (window % block === 0) threshold = thresholdOf(levels.slice(Math.max(0, window - block), window + 2 * block));
    if (level >= threshold) endAt(window);
    else quietSince ??= window;
  }
  endAt(levels.length);
  return rests.filter(({ start, end }) => end > start);
}

/** 25 dB below the loud moments is a pause, unless noise is louder than that: then it is what lies just above the noise. */
function thresholdOf(levels: number[]): number {
  levels.sort((a, b) => a - b);
  const at = (share: number) => Math.max(-100, levels[Math.floor((levels.length - 1) * share)] ?? -100);
  const [noise, loud] = [at(0.05), at(0.95)];
  return Math.max(SILENCE_DB, Math.min(loud - 6, Math.max(loud - 25, noise + 4)));
}
