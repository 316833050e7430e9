import type { Claim, ClaimRequest, FailureReport } from '@reverie/contracts';
import {
  type Attempt,
  attemptsOf,
  endAttempt,
  type Job,
  liveWorkers,
  moveJob,
  recordEvent,
  startAttempt,
  type Task,
  type Tx,
  tasksOf,
  updateTask,
} from '@reverie/db';
import { type Pipeline, stageOf } from '@reverie/pipelines';
import { failTask } from './fail.ts';
import { hold } from './hold.ts';
import type { Life } from './life.ts';
import { givenSoFar } from './stages.ts';

/** An input that takes its worker down this often is not tried again. */
const CRASHES_BEFORE_POISON = 3;

/** Gives a task to a worker: the attempt rises, and with it the fence. Undefined: there is nothing (any more) to do. */
export async function claim(life: Life, taskId: string, request: ClaimRequest): Promise<Claim | undefined> {
  return life.reports.transaction(async (tx) => {
    const held = await hold(tx, taskId);
    if (!held || held.task.run !== request.run) return undefined;
    const { job, task, pipeline, stage } = held;
    // Too late to begin: the sweep ends it.
    if (job.status === 'queued' && job.startBy && job.startBy.getTime() <= Date.now()) return undefined;
    if (!['waiting', 'dispatched', 'running'].includes(task.status)) return undefined;

    // The answer to this very claim was lost on its way: here it is again.
    if (task.status === 'running' && task.claimId === request.claimId)
      return answer(pipeline, job, task, await tasksOf(tx, [job.id], { but: task.stage }));

    if (task.status === 'running') {
      await endAttempt(tx, { taskId, attempt: task.attempt }, 'lost');
      await updateTask(tx, taskId, { crashes: task.crashes + 1 });
      await recordEvent(tx, job.id, 'task.lost', {
        stage: task.stage,
        part: task.part,
        attempt: task.attempt,
        worker: task.worker,
      });
      const crashes = task.crashes + 1 < CRASHES_BEFORE_POISON ? 0 : await countVanished(tx, task, request.worker);
      if (crashes >= CRASHES_BEFORE_POISON) {
        await failTask(tx, life, { job, task, stage, error: poison(task) });
        return undefined;
      }
    }
    const started = await startAttempt(tx, task, request);
    if (job.status === 'queued') {
      const moved = await moveJob(tx, job.id, 'processing', { timeoutMinutes: life.jobTimeoutMinutes });
      if (moved) await life.subjects[job.pipeline]?.moved?.(tx, moved, {});
      await recordEvent(tx, job.id, 'job.processing');
    }
    await recordEvent(tx, job.id, 'task.started', {
      stage: task.stage,
      part: task.part,
      attempt: started.attempt,
      worker: request.worker,
    });
    return answer(pipeline, job, started, await tasksOf(tx, [job.id], { but: task.stage }));
  });
}

/**
 * How many of the workers that lost the task in this run have not been heard of since. One that has lost its lease, or
 * whose entry the queue forgot, is well: three such nights of the network are no fault of the input.
 */
async function countVanished(tx: Tx, { id, crashes }: Task, claimant: string): Promise<number> {
  const seenAt = new Map((await liveWorkers(tx)).map((worker) => [worker.id, worker.seenAt]));
  const isWell = ({ worker, endedAt }: Attempt) =>
    worker === claimant || (endedAt !== null && (seenAt.get(worker) ?? endedAt) > endedAt);
  const lost = (await attemptsOf(tx, [id])).filter(({ outcome }) => outcome === 'lost').slice(-(crashes + 1));
  // Nobody dies twice: who lost it a second time was well after the first.
  return new Set(lost.filter((attempt) => !isWell(attempt)).map(({ worker }) => worker)).size;
}

const answer = (pipeline: Pipeline, job: Job, task: Task, tasks: Task[]): Claim => ({
  taskId: task.id,
  attempt: task.attempt,
  jobId: job.id,
  pipeline: job.pipeline,
  stage: task.stage,
  part: task.part,
  given: neededOf(pipeline, task, givenSoFar(pipeline, job, tasks)),
  ...(task.item !== null && { item: task.item }),
  reportTo: reportPath(pipeline, job, task),
});

/** As much of all that there is as the stage asks for. */
function neededOf(pipeline: Pipeline, task: Task, all: Record<string, unknown>): Record<string, unknown> {
  const needs = Object.keys(stageOf(pipeline, task.stage)?.needs.shape ?? {});
  return Object.fromEntries(needs.flatMap((name) => (name in all ? [[name, all[name]]] : [])));
}

/** Document 001 has the dream's last report at a route of its own; everything else is told at /reports. */
const reportPath = (pipeline: Pipeline, job: Job, task: Task) =>
  pipeline.name === 'dream' && task.stage === pipeline.stages.at(-1)?.name
    ? `/dreams/${job.subject}/video-complete`
    : `/reports/${task.id}`;

const poison = (task: Task): FailureReport => ({
  code: 'poison',
  message: `Stage ${task.stage} took its worker down ${CRASHES_BEFORE_POISON} times and is not tried again. Look at the input, and at the worker's memory.`,
});
