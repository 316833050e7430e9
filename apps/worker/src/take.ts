import type { Claim, QueueEntry, Report } from '@reverie/contracts';
import { type Limits, pipelineNamed, stageOf } from '@reverie/pipelines';
import type { Outcome, Taking } from '@reverie/queue';
import type { Logger } from 'pino';
import type { Manifests } from './manifests.ts';
import { type Api, Refused } from './report.ts';
import { type OpenTools, work } from './work.ts';

/** Why a worker's own tasks abort when it stops. Not a failure: the task goes back and nothing is charged. */
export const SHUTDOWN = 'shutdown';

/** After something that should not happen, and that another worker or a moment may mend. */
const LATER: Outcome = { kind: 'again', afterMs: 5_000 };
const DONE: Outcome = { kind: 'done' };

/** How long a stopping worker waits to be heard. */
const LAST_WORD_MS = 3_000;

export interface Bench {
  worker: string;
  api: Api;
  log: Logger;
  manifests: Manifests;
  /** What the operator says over what the stages say. */
  limits: Partial<Limits>;
  openTools: OpenTools;
}

/** One task from queue to report. */
export async function take(bench: Bench, entry: QueueEntry, taking: Taking): Promise<Outcome> {
  try {
    const claim = await bench.api.claim(entry, bench.worker, untilHeard(taking.signal));
    if (!claim) return DONE; // nothing to do (any more)
    const log = bench.log.child({ job: claim.jobId, stage: claim.stage, part: claim.part, attempt: claim.attempt });
    return await doTask({ ...bench, log }, claim, taking);
  } catch (error) {
    if (taking.signal.aborted) return taking.signal.reason === SHUTDOWN ? { kind: 'handed back' } : DONE;
    if (!(error instanceof Refused)) throw error;
    bench.log.error({ task: entry.task, error: error.message }, 'the API refused');
    return LATER;
  }
}

async function doTask(bench: Bench, claim: Claim, taking: Taking): Promise<Outcome> {
  const { api, log, manifests } = bench;
  const pipeline = pipelineNamed(claim.pipeline);
  const stage = pipeline && stageOf(pipeline, claim.stage);
  if (!stage) {
    // The API is newer than this worker: the task is for one that knows it.
    log.warn(`this worker does not know ${claim.pipeline}/${claim.stage}; it is left to a newer one`);
    await api.report(claim, { status: 'released' }, untilHeard(taking.signal));
    return LATER;
  }
  if (taking.signal.aborted) return letGo(bench, claim, taking);
  log.info('task taken');
  // A manifest only saves work: a store that is away just now must not look like a worker that died.
  const without = (error: Error) =>
    void log.warn({ error: error.message }, 'the store is away; done without a manifest');
  const report =
    (await manifests.ofEarlierAttempt(claim).catch(without)) ??
    (await work({ ...bench, log }, { claim, stage, taking }));
  if (!report) return letGo(bench, claim, taking);
  await manifests.keep(claim, report).catch(without);
  return tell(bench, claim, report, taking);
}

/** It was stopped from outside: handed back on shutdown, otherwise no longer ours to speak for. */
async function letGo({ api }: Bench, claim: Claim, { signal }: Taking): Promise<Outcome> {
  if (signal.reason !== SHUTDOWN) return DONE;
  await api.report(claim, { status: 'released' }, AbortSignal.timeout(5_000)).catch(() => {});
  return { kind: 'handed back' };
}

async function tell({ api }: Bench, claim: Claim, report: Report, { signal }: Taking): Promise<Outcome> {
  const answer = await api.report(claim, report, untilHeard(signal));
  return answer?.verdict === 'retry' ? { kind: 'again', afterMs: answer.after_ms ?? 0 } : DONE;
}

/**
 * On shutdown a word that is under way is said to its end. Cut off, a claim might be granted to nobody and count as a
 * worker lost, and finished work would go untold.
 */
function untilHeard(signal: AbortSignal): AbortSignal {
  const heard = new AbortController();
  const stop = () => {
    if (signal.reason === SHUTDOWN) setTimeout(() => heard.abort(SHUTDOWN), LAST_WORD_MS);
    else heard.abort(signal.reason);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return heard.signal;
}
