import { artifactKey, type Claim, Failure, type FailureReport, type Report } from '@reverie/contracts';
import type { Context, Limits, Stage, Tools } from '@reverie/pipelines';
import type { Taking } from '@reverie/queue';
import type { Logger } from 'pino';
import { watchdog } from './watchdog.ts';

/** The tools of one attempt, with a folder of its own that goes with them. */
export type OpenTools = (claim: Claim) => Promise<{ tools: Tools; close(): Promise<void> }>;

/** Words about progress, at most so often. */
const PROGRESS_EVERY_MS = 500;

/** Runs the stage and says how it went. Undefined when it was stopped from outside. */
export async function work(
  { openTools, limits, log }: { openTools: OpenTools; limits: Partial<Limits>; log: Logger },
  { claim, stage, taking }: { claim: Claim; stage: Stage; taking: Taking },
): Promise<Report | undefined> {
  using dog = watchdog({ ...stage.limits, ...limits }, stage.name);
  const signal = AbortSignal.any([taking.signal, dog.signal]);
  const began = performance.now();
  try {
    const { tools, close } = await openTools(claim);
    try {
      const output = await runStage(stage, claim, {
        jobId: claim.jobId,
        tools,
        signal,
        progress: throttled((percent) => taking.progress({ attempt: claim.attempt, percent }), dog.alive),
        key: (name) => artifactKey.work(claim, name),
      });
      signal.throwIfAborted();
      log.info({ ms: Math.round(performance.now() - began) }, 'task done');
      return { status: 'completed', output };
    } finally {
      await close();
    }
  } catch (error) {
    if (taking.signal.aborted) {
      log.info({ reason: taking.signal.reason }, 'task stopped');
      return undefined;
    }
    const cause = dog.signal.aborted ? dog.signal.reason : error;
    if (cause instanceof Failure) log.warn({ code: cause.code }, cause.message);
    else log.error({ err: cause }, 'task failed in a way nobody foresaw');
    return { status: 'failed', error: describe(cause) };
  }
}

function runStage(stage: Stage, claim: Claim, context: Context): Promise<Record<string, unknown>> {
  const given = stage.needs.parse(claim.given);
  return stage.kind === 'step' ? stage.run(given, context) : stage.run(stage.item.parse(claim.item), given, context);
}

/** What is not a Failure is a bug of ours: callers learn that much, the log has the stack. */
function describe(error: unknown): FailureReport {
  if (!(error instanceof Failure)) return { code: 'internal', message: 'an unexpected error; the worker’s log has it' };
  const { code, message, trace, retryAfterSeconds } = error;
  return {
    code,
    message: message.slice(0, 4_000),
    ...(trace && { command: trace.command.slice(0, 20_000), log: trace.log.slice(-20_000) }),
    ...(retryAfterSeconds !== undefined && { retry_after_seconds: retryAfterSeconds }),
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
