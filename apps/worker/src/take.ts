import { artifactKey, type Claim, Failure, type FailureReport, type QueueEntry, type Report } from '@reverie/contracts';
import { type Context, pipelineNamed, type Stage, stageOf, type Tools } from '@reverie/pipelines';
import type { Outcome, Taking } from '@reverie/queue';
import type { Logger } from 'pino';
import { type Api, Refused } from './report.ts';
import { watchdog } from './watchdog.ts';

/** Why a worker's own tasks abort when it stops. Not a failure: the task goes back and nothing is charged. */
export const SHUTDOWN = 'shutdown';

/** Words about progress, at most so often. */
const PROGRESS_EVERY_MS = 500;

export interface Bench {
  worker: string;
  api: Api;
  log: Logger;
  /** The tools of one attempt, with a folder of its own that goes with them. */
  openTools(claim: Claim): Promise<{ tools: Tools; close(): Promise<void> }>;
}

/** One task from queue to report. */
export async function take(bench: Bench, entry: QueueEntry, taking: Taking): Promise<Outcome> {
  let claim: Claim | undefined;
  try {
    claim = await bench.api.claim(entry, bench.worker, taking.signal);
  } catch (error) {
    if (taking.signal.aborted) return whenAborted(taking.signal);
    bench.log.error({ task: entry.task, error: (error as Error).message }, 'the API refused the claim');
    return { kind: 'again' };
  }
  if (!claim) return { kind: 'done' };
  const log = bench.log.child({ job: claim.jobId, stage: claim.stage, part: claim.part, attempt: claim.attempt });
  log.info('task taken');
  const done = await work({ ...bench, log }, claim, taking);
  if (!done) {
    if (taking.signal.reason !== SHUTDOWN) return { kind: 'done' }; // no longer ours to speak for
    await bench.api.report(claim, { status: 'released' }, AbortSignal.timeout(5_000)).catch(() => {});
    return { kind: 'handed back' };
  }
  return tell({ ...bench, log }, claim, done, taking);
}

const whenAborted = (signal: AbortSignal): Outcome => ({ kind: signal.reason === SHUTDOWN ? 'handed back' : 'done' });

interface Done {
  report: Report;
  /** A provider said when to come again. */
  retryAfterMs?: number | undefined;
}

/** Runs the stage. Undefined when it was stopped from outside. */
async function work(bench: Bench, claim: Claim, taking: Taking): Promise<Done | undefined> {
  const pipeline = pipelineNamed(claim.pipeline);
  const stage = pipeline && stageOf(pipeline, claim.stage);
  // A newer API may know more than this worker; the task is for a worker that does, too.
  if (!stage)
    return failed(
      new Failure(
        'tool_missing',
        `this worker does not know ${claim.pipeline}/${claim.stage}; deploy workers of the API's version`,
      ),
    );
  using dog = watchdog(stage.limits, stage.name);
  const signal = AbortSignal.any([taking.signal, dog.signal]);
  const began = performance.now();
  const open = await bench.openTools(claim).catch((error: unknown) => ({ error }));
  if ('error' in open) return failed(open.error);
  try {
    const context: Context = {
      tools: open.tools,
      signal,
      progress: throttled((percent) => taking.progress({ attempt: claim.attempt, percent }), dog.alive),
      key: (name) => artifactKey.work(claim, name),
    };
    const output = await runStage(stage, claim, context);
    signal.throwIfAborted();
    bench.log.info({ ms: Math.round(performance.now() - began) }, 'task done');
    return { report: { status: 'completed', output } };
  } catch (error) {
    if (taking.signal.aborted) {
      bench.log.info({ reason: taking.signal.reason }, 'task stopped');
      return undefined;
    }
    const cause = dog.signal.aborted ? dog.signal.reason : error;
    const known = cause instanceof Failure;
    bench.log.warn(
      { code: known ? cause.code : 'internal', ...(!known && { err: cause }) },
      known ? cause.message : 'task failed',
    );
    return failed(cause);
  } finally {
    await open.close();
  }
}

function runStage(stage: Stage, claim: Claim, context: Context): Promise<Record<string, unknown>> {
  const given = stage.needs.parse(claim.given);
  return stage.kind === 'step' ? stage.run(given, context) : stage.run(stage.item.parse(claim.item), given, context);
}

async function tell(bench: Bench, claim: Claim, { report, retryAfterMs }: Done, taking: Taking): Promise<Outcome> {
  try {
    const verdict = await bench.api.report(claim, report, taking.signal);
    return verdict === 'retry' ? { kind: 'again', afterMs: retryAfterMs } : { kind: 'done' };
  } catch (error) {
    if (taking.signal.aborted) return whenAborted(taking.signal);
    if (!(error instanceof Refused)) throw error;
    bench.log.error({ error: error.message }, 'the API refused the report');
    return { kind: 'again' };
  }
}

const failed = (error: unknown): Done => ({
  report: { status: 'failed', error: describe(error) },
  retryAfterMs:
    error instanceof Failure && error.retryAfterSeconds !== undefined ? error.retryAfterSeconds * 1000 : undefined,
});

/** What is not a Failure is a bug of ours: callers learn that much, the log has the stack. */
function describe(error: unknown): FailureReport {
  if (!(error instanceof Failure)) return { code: 'internal', message: 'an unexpected error; the worker’s log has it' };
  const { code, message, trace } = error;
  return {
    code,
    message: message.slice(0, 4_000),
    ...(trace && { command: trace.command.slice(0, 20_000), log: trace.log.slice(-20_000) }),
  };
}

function throttled(say: (percent: number) => void, alive: () => void) {
  let last = 0;
  let highest = -1;
  return (percent: number) => {
    if (percent > highest) alive();
    highest = Math.max(highest, percent);
    if (Date.now() - last < PROGRESS_EVERY_MS) return;
    last = Date.now();
    say(Math.min(100, Math.max(0, highest)));
  };
}
