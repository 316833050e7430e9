import type { FailureReport } from '@reverie/contracts';
import { cancelTasks, type Job, jobsOverTime, lockJob, moveJob, recordEvent } from '@reverie/db';
import type { Life } from './life.ts';
import { stopTasks } from './stop-tasks.ts';

/** Ends what was not begun by its start-by, or not finished by its deadline. */
export async function expire(life: Life): Promise<void> {
  for (const { id } of await jobsOverTime(life.db)) {
    const stopped = await life.db.transaction(async (tx) => {
      const job = await lockJob(tx, id);
      const error = job && overTime(job);
      if (!error) return []; // begun, finished or prolonged in the meantime
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

function overTime({ status, startBy, deadline }: Job): (FailureReport & { stage: string }) | undefined {
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
