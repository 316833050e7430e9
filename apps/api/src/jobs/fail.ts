import type { FailureReport } from '@reverie/contracts';
import { cancelTasks, type Job, moveJob, recordEvent, type Sql, type Task, updateTask } from '@reverie/db';
import type { Life } from './life.ts';

/** Ends a job because one of its tasks failed for good. The tasks that are stopped with it come back, to be told. */
export async function failJob(
  tx: Sql,
  { subjects }: Pick<Life, 'subjects'>,
  { job, task, error }: { job: Job; task: Task; error: FailureReport },
): Promise<Task[]> {
  await updateTask(tx, task.id, { status: 'failed', error });
  const stopped = await cancelTasks(tx, job.id);
  const moved = await moveJob(tx, job.id, 'failed', { error: { ...error, stage: task.stage } });
  if (moved) await subjects[job.pipeline]?.moved(tx, moved, {});
  await recordEvent(tx, job.id, 'job.failed', { stage: task.stage, code: error.code, message: error.message });
  return stopped;
}
