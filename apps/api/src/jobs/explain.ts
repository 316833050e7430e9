import { FLEETS, hasEnded } from '@reverie/contracts';
import {
  findLane,
  inFlightOf,
  type Job,
  LANE_KINDS,
  liveWorkers,
  type Sql,
  type Task,
  tasksAhead,
  tasksOf,
} from '@reverie/db';
import { pipelineNamed, stageOf } from '@reverie/pipelines';
import type { Producer } from '@reverie/queue';
import { z } from 'zod';
import type { Life } from './life.ts';

const time = z.iso.datetime();
const at = { stage: z.string(), part: z.int() };

/** Why a job is not moving, in one reason with numbers; the first that holds, from what an operator said to what is just slow. */
const Reason = z.discriminatedUnion('reason', [
  z.object({ reason: z.literal('ended'), status: z.string(), at: time.nullable() }),
  z.object({ reason: z.literal('running'), ...at, worker: z.string(), attempt: z.int(), since: time }),
  z.object({ reason: z.literal('held') }),
  z.object({
    reason: z.literal('paused'),
    kind: z.enum(LANE_KINDS),
    name: z.string(),
    since: time,
    until: time.nullable().describe('When the pause ends by itself'),
    because: z.string().nullable(),
  }),
  z
    .object({ reason: z.literal('awaited'), ...at, missing: z.int() })
    .describe('Parts of it are uploaded by others, and so many have not been announced yet'),
  z.object({ reason: z.literal('unread') }).describe('Somebody wrote it as a row, and nobody has read that yet'),
  z.object({ reason: z.literal('no_worker'), ...at, fleet: z.enum(FLEETS) }),
  z.object({
    reason: z.literal('retry_wait'),
    ...at,
    failures: z.int(),
    limit: z.int(),
    next_try_at: time,
    code: z.string(),
    message: z.string(),
  }),
  z
    .object({ reason: z.literal('queue_away'), ...at })
    .describe('Redis does not answer. What was in it is added again when it does'),
  z
    .object({ reason: z.literal('next'), ...at, fleet: z.enum(FLEETS), since: time })
    .describe('In the queue; a worker takes it as soon as a slot is free'),
  z.object({ reason: z.literal('owner_cap'), owner: z.string(), in_flight: z.int(), cap: z.int() }),
  z.object({ reason: z.literal('fleet_cap'), fleet: z.enum(FLEETS), cap: z.int() }),
  z.object({
    reason: z.literal('behind'),
    ...at,
    fleet: z.enum(FLEETS),
    ahead: z.int(),
    own: z.int().describe('Of those ahead, the same owner’s'),
  }),
]);

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

async function why(sql: Sql, { queue, maxAttempts }: Circumstances, job: Job): Promise<z.infer<typeof Reason>> {
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

function inWords(because: z.infer<typeof Reason>): string {
  switch (because.reason) {
    case 'ended':
      return `It has ${because.status}.`;
    case 'running':
      return `${because.stage} is running on ${because.worker} since ${because.since}.`;
    case 'held':
      return 'It is held. Release it with PATCH /jobs/:id { "held": false }.';
    case 'paused':
      return `The ${because.kind} ${because.name} is paused since ${because.since}${because.until ? ` until ${because.until}` : ''}${because.because ? `: ${because.because}` : ''}.`;
    case 'awaited':
      return `${because.stage} waits for ${because.missing} parts that others upload.`;
    case 'unread':
      return 'Its row waits to be read. That takes an API whose JOB_SOURCES name postgres.';
    case 'no_worker':
      return `No worker serves the fleet ${because.fleet}, which ${because.stage} needs. Start one.`;
    case 'retry_wait':
      return `${because.stage} failed (${because.code}); try ${because.failures + 1} of ${because.limit} at ${because.next_try_at}.`;
    case 'queue_away':
      return `${because.stage} is due, but the queue does not answer. Nothing is lost; it goes on when the queue is back.`;
    case 'next':
      return `${because.stage} is in the queue of the fleet ${because.fleet}; the next free slot takes it.`;
    case 'owner_cap':
      return `${because.owner} has ${because.in_flight} of ${because.cap} tasks in flight.`;
    case 'fleet_cap':
      return `The fleet ${because.fleet} is capped at ${because.cap} tasks.`;
    case 'behind':
      return `${because.stage} waits behind ${because.ahead} tasks for the fleet ${because.fleet}, ${because.own} of them its owner's.`;
    default:
      return because satisfies never;
  }
}
