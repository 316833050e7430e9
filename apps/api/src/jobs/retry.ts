import {
  deleteTasks,
  type Job,
  lockJob,
  markArrived,
  moveJob,
  recordEvent,
  reopenTasks,
  type Sight,
  sendBackRow,
} from '@reverie/db';
import { dependencies, type Pipeline, pipelineNamed, stageOf } from '@reverie/pipelines';
import { notFound, Refusal } from '../refusal.ts';
import type { Life } from './life.ts';
import { startStages } from './stages.ts';

/** Runs a failed or cancelled job again. What is finished stays finished, unless `from` names the stage to begin anew with. */
export async function retry({ db, subjects }: Life, jobId: string, sight: Sight, from?: string): Promise<Job> {
  return db.transaction(async (tx) => {
    const job = await lockJob(tx, jobId, sight);
    if (!job) throw notFound('job', jobId);
    const pipeline = pipelineNamed(job.pipeline);
    if (!pipeline) throw new Refusal(409, 'not_retryable', `There is no pipeline "${job.pipeline}".`);
    const redo = from === undefined ? [] : andWhatFollows(pipeline, from);
    const moved = await moveJob(tx, jobId, 'queued');
    if (!moved) {
      throw new Refusal(
        409,
        'not_retryable',
        `The job is ${job.status}; only a failed or cancelled job can be retried.`,
      );
    }
    // A row that never came in has nothing to go on with: it is looked at once more.
    if (!job.admitted || job.error?.stage === 'submit') {
      await sendBackRow(tx, jobId);
      await recordEvent(tx, jobId, 'job.retried', { run: moved.run });
      return moved;
    }
    const gone = redo.length > 0 ? await deleteTasks(tx, jobId, redo) : [];
    await reopenTasks(tx, jobId, moved.run);
    await startStages(tx, pipeline, moved);
    // What came from outside does not come again.
    for (const [stage, tasks] of Map.groupBy(gone, (task) => task.stage)) {
      const here = tasks.filter((task) => !task.awaited).map(({ part }) => part);
      await markArrived(tx, jobId, stage, here);
    }
    await subjects[moved.pipeline]?.moved?.(tx, moved, {});
    await recordEvent(tx, jobId, 'job.retried', { run: moved.run, ...(from !== undefined && { from }) });
    return moved;
  });
}

/** The stage and every later one that needs, directly or not, what it gives. */
function andWhatFollows(pipeline: Pipeline, from: string): string[] {
  if (!stageOf(pipeline, from)) {
    const known = pipeline.stages.map((stage) => stage.name).join(', ');
    throw new Refusal(422, 'unknown_stage', `There is no stage "${from}"; this pipeline has ${known}.`, [
      { pointer: '/from', detail: `one of ${known}` },
    ]);
  }
  const redo = new Set([from]);
  for (const stage of pipeline.stages) {
    if (dependencies(pipeline, stage).some((needed) => redo.has(needed.name))) redo.add(stage.name);
  }
  return [...redo];
}
