import type { FailureReport } from '@reverie/contracts';
import {
  cancelTasks,
  type Job,
  type JobError,
  moveJob,
  partsOfStage,
  recordEvent,
  type Sql,
  type Task,
  updateTask,
} from '@reverie/db';
import type { Stage } from '@reverie/pipelines';
import type { Life } from './life.ts';

interface Failing {
  job: Job;
  task: Task;
  stage: Stage;
  error: FailureReport;
}

/** A task has failed for good, and with it its job. The tasks that are stopped with it come back, to be told. */
export async function failTask(
  tx: Sql,
  life: Pick<Life, 'subjects'>,
  { job, task, stage, error }: Failing,
): Promise<Task[]> {
  await updateTask(tx, task.id, { status: 'failed', error });
  if (stage.kind === 'step' || !stage.failsLate) return failJob(tx, life, job, { ...error, stage: task.stage });
  await recordEvent(tx, job.id, 'part.failed', { stage: task.stage, part: task.part, code: error.code });
  return failLate(tx, life, job, task);
}

/** Of a stage that finishes its other parts first: ends the job when the last of them has ended and one is missing. */
export async function failLate(tx: Sql, life: Pick<Life, 'subjects'>, job: Job, task: Task): Promise<Task[]> {
  const { failed } = await partsOfStage(tx, task);
  const [first] = failed;
  if (!first?.error) return []; // none has failed, or others are still at it
  const parts = failed.map(({ part }) => part);
  return failJob(tx, life, job, { ...first.error, message: missing(parts, first.error), stage: task.stage, parts });
}

async function failJob(tx: Sql, { subjects }: Pick<Life, 'subjects'>, job: Job, error: JobError): Promise<Task[]> {
  const stopped = await cancelTasks(tx, job.id);
  const moved = await moveJob(tx, job.id, 'failed', { error });
  if (moved) await subjects[job.pipeline]?.moved?.(tx, moved, {});
  const { stage, code, message, parts } = error;
  await recordEvent(tx, job.id, 'job.failed', { stage, code, message, ...(parts && { parts }) });
  return stopped;
}

const MOST_NAMED = 20;

function missing(parts: readonly number[], first: FailureReport): string {
  const named = parts.slice(0, MOST_NAMED).join(', ');
  const more = parts.length > MOST_NAMED ? ` and ${parts.length - MOST_NAMED} more` : '';
  const which = `${parts.length === 1 ? 'segment' : 'segments'} ${named}${more}`;
  return `Missing: ${which}; a retry runs no other. Segment ${parts[0]}: ${first.message}`.slice(0, 4_000);
}
