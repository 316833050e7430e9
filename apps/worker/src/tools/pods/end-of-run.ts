import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@reverie/contracts';
import { inWords } from './kept-answer.ts';
import type { Look } from './manifest.ts';
import type { Pod, Standing } from './pod.ts';
import type { End, WatchedRun } from './watched-run.ts';

/** How a run has ended by what its pod says of it, where the manifest has not told already. */
export async function endOfRun(run: WatchedRun, standing: Standing, signal: AbortSignal): Promise<End> {
  // It may have ended since the last look; and who says that it is completed may have to be waited for.
  const seen = standing.at === 'completed' ? await lookAWhile(run, signal) : await run.look();
  if (seen.finished) return { how: 'finished', finished: seen.finished, response: null };
  if (standing.at === 'completed') throw untrue(run.pod, seen.why);
  if (standing.at === 'failed')
    throw new Failure('pod_failed', `${run.pod.host}: ${inWords(standing.error) || 'the run failed'}`);
  return { how: 'lost' };
}

export const untrue = ({ host }: Pod, why: string) =>
  new Failure('pod_failed', `${host} says that the run is done, and ${why}`);

/** Twice as long as between two looks, and five times as often. */
const PATIENCE = 2;
const LOOKS_A_POLL = 5;

/** A store may be a moment behind, and a pod that answers may still be writing. */
export async function lookAWhile(
  { look, pollMs }: Pick<WatchedRun, 'look' | 'pollMs'>,
  signal: AbortSignal,
): Promise<Look> {
  const end = Date.now() + PATIENCE * pollMs;
  for (;;) {
    const seen = await look();
    if (seen.finished || Date.now() >= end) return seen;
    await sleep(pollMs / LOOKS_A_POLL, undefined, { signal });
  }
}
