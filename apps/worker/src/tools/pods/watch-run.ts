import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@reverie/contracts';
import { endOfCall } from './end-of-call.ts';
import { endOfRun } from './end-of-run.ts';
import { keptAnswer } from './kept-answer.ts';
import type { Answer } from './pod.ts';
import type { End, WatchedRun } from './watched-run.ts';

/** A pod that cannot be reached for so many looks is given up. */
const LOOKS_AT_NOTHING = 6;
/** A question may overtake the POST before it; after so many it has not. */
const LOOKS_TOO_SOON = 2;

/**
 * Waits for the end of a run, whoever tells of it first: the manifest, the answer to the call, what the pod says of the run.
 * A call that is cut, or never answered, ends nothing: the pod may go on.
 */
export async function watchRun(run: WatchedRun, signal: AbortSignal): Promise<End> {
  let said: Answer | undefined;
  const call = run.call?.then((answer) => {
    said = answer;
    return answer;
  });
  const end = await untilItEnds({ ...run, call }, signal);
  // The manifest was seen first: what the pod has to say may be on its way.
  if (end.how === 'finished' && call && !said) await orPollLater(call, run.pollMs, signal);
  return end.how === 'finished' && said?.kind === 'answered' ? { ...end, response: keptAnswer(said) } : end;
}

async function untilItEnds(run: WatchedRun, signal: AbortSignal): Promise<End> {
  let { call } = run;
  let known = call === undefined;
  let awaySince: number | undefined;
  for (let looks = 0; ; looks++) {
    const answer = await orPollLater(call, run.pollMs, signal);
    if (answer) {
      call = undefined;
      const end = await endOfCall(run, answer, signal);
      if (end) return end;
      continue;
    }
    const seen = await run.look().catch(whileStoreIsAway);
    if (seen?.finished) return { how: 'finished', finished: seen.finished, response: null };
    const standing = await run.standing();
    const isAway = standing.at === 'away' || (standing.at === 'silent' && !call);
    if (!isAway) awaySince = undefined;
    if (isAway) {
      awaySince ??= Date.now();
      if (Date.now() - awaySince >= LOOKS_AT_NOTHING * run.pollMs) throw gone(run);
    } else if (standing.at === 'running') {
      known = true;
      run.alive(standing.progress);
    } else if (call && !known && (looks < LOOKS_TOO_SOON || (standing.at === 'unknown' && !run.tells()))) {
      run.alive(undefined); // it has not read the POST yet, or is none that can tell
    } else if (standing.at === 'silent') {
      run.alive(undefined); // many a pod does one thing at a time
    } else {
      return endOfRun(run, standing, signal);
    }
  }
}

/** The call's answer, once; undefined when it is time for a look. */
async function orPollLater(call: Promise<Answer> | undefined, ms: number, signal: AbortSignal) {
  const over = new AbortController();
  try {
    const later = sleep(ms, undefined, { signal: AbortSignal.any([signal, over.signal]) });
    return await Promise.race(call ? [call, later] : [later]);
  } finally {
    over.abort();
  }
}

/** What is there cannot be seen just now; the run goes on all the same. */
function whileStoreIsAway(error: unknown): undefined {
  if (!(error instanceof Failure) || error.code !== 'storage_unavailable') throw error;
}

const gone = ({ pod }: WatchedRun) =>
  new Failure('pod_unavailable', `${pod.host} cannot be reached any more, and there is no manifest of its run`);
