import { findTask, type Job, lockJob, lockTask, type Task, type Tx } from '@reverie/db';
import { type Pipeline, pipelineNamed, type Stage, stageOf } from '@reverie/pipelines';

export interface Held {
  job: Job;
  task: Task;
  pipeline: Pipeline;
  stage: Stage;
}

/**
 * Holds a task and its job until the transaction ends: nobody else settles, cancels or retries them meanwhile. The job
 * always first, so that two who want both never wait for each other. Undefined when there is no such task (any more).
 */
export async function hold(tx: Tx, taskId: string): Promise<Held | undefined> {
  const seen = await findTask(tx, taskId);
  const job = seen && (await lockJob(tx, seen.jobId));
  const task = job && (await lockTask(tx, taskId));
  const pipeline = job && pipelineNamed(job.pipeline);
  const stage = task && pipeline && stageOf(pipeline, task.stage);
  return stage && { job, task, pipeline, stage };
}
