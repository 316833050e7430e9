import { artifactsIn, FAILURES, Failure, type FailureReport, type Report, type Verdict } from '@reverie/contracts';
import {
  endAttempt,
  findAttempt,
  type Job,
  moveJob,
  partsOfStage,
  pauseProvider,
  recordEvent,
  recordNewArtifacts,
  type Task,
  type Tx,
  tasksOf,
  updateTask,
} from '@reverie/db';
import type { Stage } from '@reverie/pipelines';
import { z } from 'zod';
import { backoffMs } from './backoff.ts';
import { failLate, failTask } from './fail.ts';
import { type Held, hold } from './hold.ts';
import type { Life } from './life.ts';
import { givenSoFar, startStages } from './stages.ts';
import { stopTasks } from './stop-tasks.ts';

/** A wait for room is free, but not for ever: after this many starts something else is wrong. */
const MOST_STARTS = 100;

interface Settled {
  verdict: Verdict;
  /** Tasks that ended with this one and whose workers should be told. */
  stopped: Task[];
}
const just = (verdict: Verdict['verdict'], afterMs?: number): Settled => ({
  verdict: { verdict, ...(afterMs !== undefined && { after_ms: afterMs }) },
  stopped: [],
});

/**
 * What a report means, in one transaction: fence, output, artifacts, the next tasks or the end of the job, the owner's
 * row, the events. The same report again gets its answer again and changes nothing.
 */
export async function settle(life: Life, at: Attempted, report: Report): Promise<Verdict> {
  const { verdict, stopped } = await settleOnce(life, at, report).catch((error: unknown) => {
    if (!(error instanceof Failure) || report.status !== 'completed') throw error;
    // What the subject cannot take, such as a file that has gone since, is a failed attempt and no reason to ask for ever.
    const { code, message } = error;
    return settleOnce(life, at, { status: 'failed', error: { code, message } });
  });
  await stopTasks(life, stopped, 'the job has ended');
  life.wake(); // its place in the window is free
  return verdict;
}

interface Attempted {
  taskId: string;
  attempt: number;
}

const settleOnce = (life: Life, at: Attempted, report: Report): Promise<Settled> =>
  life.reports.transaction(async (tx) => {
    const held = await hold(tx, at.taskId);
    if (!held) return just('stale');
    const { job, task, stage } = held;

    const attempt = await findAttempt(tx, at);
    if (attempt && attempt.outcome === report.status) return again(task, at.attempt);
    if (task.attempt !== at.attempt || task.status !== 'running') return just('stale');

    if (report.status === 'released') return release(tx, task);
    if (report.status === 'failed') return fail(tx, life, { job, task, stage, error: report.error });
    const output = (stage.kind === 'step' ? stage.gives : stage.part).safeParse(report.output);
    if (!output.success) {
      const error: FailureReport = {
        code: 'internal',
        message: `${stage.name} gave something else than it says: ${z.prettifyError(output.error)}`,
      };
      return fail(tx, life, { job, task, stage, error });
    }
    return complete(tx, life, { ...held, output: output.data as Record<string, unknown> });
  });

/** The answer the first such report got: of a failed attempt whose task is still open, to try again. */
const again = (task: Task, attempt: number): Settled => {
  const open = task.attempt === attempt && task.status === 'dispatched' && task.retryAt !== null;
  return open ? just('retry', Math.max(0, task.retryAt!.getTime() - Date.now())) : just('replayed');
};

async function release(tx: Tx, task: Task): Promise<Settled> {
  await endAttempt(tx, { taskId: task.id, attempt: task.attempt }, 'released');
  await updateTask(tx, task.id, { status: 'dispatched' });
  return just('accepted');
}

async function fail(
  tx: Tx,
  life: Life,
  { job, task, stage, error }: { job: Job; task: Task; stage: Stage; error: FailureReport },
): Promise<Settled> {
  const { retry } = FAILURES[error.code];
  const failures = task.failures + (retry === 'not counted' ? 0 : 1);
  await endAttempt(tx, { taskId: task.id, attempt: task.attempt }, 'failed', error);
  if (retry === 'never' || failures >= (life.maxAttempts ?? stage.limits.attempts) || task.attempt >= MOST_STARTS) {
    return { ...just('accepted'), stopped: await failTask(tx, life, { job, task, stage, error }) };
  }
  const afterMs = Math.max((error.retry_after_seconds ?? 0) * 1000, backoffMs(task.attempt, life.backoffBaseSeconds));
  if (error.code === 'provider_limit' && task.provider !== null)
    await pauseProvider(tx, task.provider, afterMs / 1000, error.message);
  await updateTask(tx, task.id, { status: 'dispatched', failures, error, retryAt: new Date(Date.now() + afterMs) });
  await recordEvent(tx, job.id, 'task.failed', {
    stage: task.stage,
    part: task.part,
    attempt: task.attempt,
    code: error.code,
  });
  return just('retry', afterMs);
}

async function complete(
  tx: Tx,
  life: Life,
  { job, task, stage, pipeline, output }: Held & { output: Record<string, unknown> },
): Promise<Settled> {
  await endAttempt(tx, { taskId: task.id, attempt: task.attempt }, 'completed');
  await updateTask(tx, task.id, { status: 'completed', output, error: null });
  await recordNewArtifacts(tx, { jobId: job.id, stage: task.stage }, artifactsIn(output));
  await recordEvent(tx, job.id, 'task.completed', { stage: task.stage, part: task.part, attempt: task.attempt });
  await life.subjects[job.pipeline]?.settled?.(tx, job, task, output);
  if (stage.kind === 'fanOut') {
    // The last part alone has to look at all of them.
    const { open, failed } = await partsOfStage(tx, task);
    if (open) return just('accepted');
    if (failed.length > 0) return { ...just('accepted'), stopped: await failLate(tx, life, job, task) };
  }
  const { finished } = await startStages(tx, pipeline, job);
  if (finished) {
    const moved = await moveJob(tx, job.id, 'completed');
    const all = givenSoFar(pipeline, job, await tasksOf(tx, [job.id]));
    if (moved) await life.subjects[job.pipeline]?.moved?.(tx, moved, all);
    await recordEvent(tx, job.id, 'job.completed');
  }
  return just('accepted');
}
