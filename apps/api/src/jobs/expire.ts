import {
  awaitedParts,
  cancelTasks,
  type Job,
  type JobError,
  jobsOverTime,
  lockJob,
  moveJob,
  recordEvent,
  type Tx,
} from '@reverie/db';
import type { Life } from './life.ts';
import { stopTasks } from './stop-tasks.ts';

/** Ends what was not begun by its start-by, or not finished by its deadline. */
export async function expire(life: Life): Promise<void> {
  for (const { id } of await jobsOverTime(life.db)) {
    const stopped = await life.db.transaction(async (tx) => {
      const job = await lockJob(tx, id);
      const late = job && overTime(job);
      if (!late) return []; // begun, finished or prolonged in the meantime
      const error = { ...late, ...(await neverCame(tx, late, id)) };
      const tasks = await cancelTasks(tx, id);
      const moved = await moveJob(tx, id, 'failed', { error });
      if (!moved) return [];
      await life.subjects[moved.pipeline]?.moved?.(tx, moved, {});
      await recordEvent(tx, id, 'job.failed', { code: error.code, message: error.message });
      return tasks;
    });
    await stopTasks(life, stopped, 'out of time');
  }
}

/** What others were to upload, and did not. */
async function neverCame(tx: Tx, { message }: { message: string }, jobId: string): Promise<Partial<JobError>> {
  const parts = await awaitedParts(tx, jobId);
  if (parts.length === 0) return {};
  const named = parts.slice(0, MOST_NAMED).join(', ');
  return {
    parts,
    message: `${message}; these segments were never announced: ${named}${parts.length > MOST_NAMED ? ' …' : ''}`,
  };
}
const MOST_NAMED = 20;

function overTime({ status, startBy, deadline }: Job): JobError | undefined {
  const now = Date.now();
  if (status === 'queued' && startBy && startBy.getTime() <= now) {
    return {
      stage: 'queue',
      code: 'not_started_in_time',
      message: `nothing of it had begun by ${startBy.toISOString()}`,
    };
  }
  if ((status === 'queued' || status === 'processing') && deadline && deadline.getTime() <= now) {
    return { stage: 'job', code: 'job_timeout', message: `it was not finished by ${deadline.toISOString()}` };
  }
  return undefined;
}
