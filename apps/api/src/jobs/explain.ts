import { hasEnded } from '@reverie/contracts';
import { findLane, inFlightOf, type Job, liveWorkers, type Sql, type Task, tasksAhead, tasksOf } from '@reverie/db';
import { pipelineNamed, stageOf } from '@reverie/pipelines';
import type { Producer } from '@reverie/queue';
import { z } from 'zod';
import type { Life } from './life.ts';
import { inWords, Reason } from './reasons.ts';

export const Explanation = z.object({
  job_id: z.uuid(),
  status: z.string(),
  because: Reason,
  sentence: z.string(),
  start_by_in_seconds: z.number().nullable(),
  deadline_in_seconds: z.number().nullable(),
});

/** What lies neither in the job nor in the rows around it. */
interface Circumstances extends Pick<Life, 'maxAttempts'> {
  queue: Pick<Producer, 'check'>;
}

export async function explain(sql: Sql, around: Circumstances, job: Job): Promise<z.infer<typeof Explanation>> {
  const because = await why(sql, around, job);
  const inSeconds = (date: Date | null) =>
    date && !hasEnded(job.status) ? Math.round((date.getTime() - Date.now()) / 1000) : null;
  return {
    job_id: job.id,
    status: job.status,
    because,
    sentence: inWords(because),
    start_by_in_seconds: job.status === 'queued' ? inSeconds(job.startBy) : null,
    deadline_in_seconds: inSeconds(job.deadline),
  };
}

async function why(sql: Sql, { queue, maxAttempts }: Circumstances, job: Job): Promise<Reason> {
  if (hasEnded(job.status)) return { reason: 'ended', status: job.status, at: job.endedAt?.toISOString() ?? null };
  const open = (await tasksOf(sql, [job.id])).filter(({ status }) =>
    ['waiting', 'dispatched', 'running'].includes(status),
  );
  const running = open.find(({ status }) => status === 'running');
  if (running) {
    const { stage, part, attempt, startedAt, worker } = running;
    return { reason: 'running', stage, part, attempt, worker: worker ?? 'unknown', since: startedAt!.toISOString() };
  }
  if (!job.admitted) return { reason: 'unread' };
  const task = open.find(({ awaited }) => !awaited) ?? open[0];
  if (!task) throw new Error(`job ${job.id} is ${job.status} and has no open task`);
  const here = { stage: task.stage, part: task.part };

  if (task.status === 'waiting') {
    if (job.held) return { reason: 'held' };
    if (task.awaited) return { reason: 'awaited', ...here, missing: open.filter(({ awaited }) => awaited).length };
    const paused = await pauseOver(sql, job, task);
    if (paused) return paused;
  }
  if (!(await liveWorkers(sql)).some(({ fleet }) => fleet === task.fleet))
    return { reason: 'no_worker', ...here, fleet: task.fleet };
  if (task.retryAt && task.error && task.retryAt.getTime() > Date.now()) {
    const limit = maxAttempts ?? stageLimit(job, task);
    const { code, message } = task.error;
    return {
      reason: 'retry_wait',
      ...here,
      failures: task.failures,
      limit,
      next_try_at: task.retryAt.toISOString(),
      code,
      message,
    };
  }
  if (task.status === 'dispatched' && !(await answers(queue))) return { reason: 'queue_away', ...here };
  if (task.status === 'dispatched')
    return { reason: 'next', ...here, fleet: task.fleet, since: task.dispatchedAt!.toISOString() };

  const [owner, fleet, inFlight] = await Promise.all([
    findLane(sql, 'owner', job.owner),
    findLane(sql, 'fleet', task.fleet),
    inFlightOf(sql, job.owner),
  ]);
  if (owner?.cap != null && inFlight >= owner.cap)
    return { reason: 'owner_cap', owner: job.owner, in_flight: inFlight, cap: owner.cap };
  if (fleet?.cap === 0) return { reason: 'fleet_cap', fleet: task.fleet, cap: 0 };
  return { reason: 'behind', ...here, fleet: task.fleet, ...(await tasksAhead(sql, task)) };
}

/** Somebody waits for this answer: a queue that is silent for a second is as good as away. */
const answers = (queue: Pick<Producer, 'check'>): Promise<boolean> =>
  Promise.race([
    queue.check().then(
      () => true,
      () => false,
    ),
    new Promise<false>((resolve) => setTimeout(resolve, 1_000, false)),
  ]);

async function pauseOver(sql: Sql, job: Job, task: Task) {
  for (const [kind, name] of [
    ['pipeline', job.pipeline],
    ['fleet', task.fleet],
    ['owner', job.owner],
    ...(task.provider === null ? [] : [['provider', task.provider] as const]),
  ] as const) {
    const lane = await findLane(sql, kind, name);
    if (!lane?.pausedAt || (lane.pausedUntil && lane.pausedUntil.getTime() <= Date.now())) continue;
    const { pausedAt, pausedUntil, reason } = lane;
    const until = pausedUntil?.toISOString() ?? null;
    return { reason: 'paused' as const, kind, name, since: pausedAt.toISOString(), until, because: reason };
  }
  return undefined;
}

const stageLimit = (job: Job, task: Task): number => {
  const pipeline = pipelineNamed(job.pipeline);
  return (pipeline && stageOf(pipeline, task.stage)?.limits.attempts) ?? 0;
};
