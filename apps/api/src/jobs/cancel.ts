import { cancelTasks, type Job, lockJob, moveJob, recordEvent, type Sight } from '@reverie/db';
import { notFound, Refusal } from '../refusal.ts';
import type { Life } from './life.ts';
import { stopTasks } from './stop-tasks.ts';

/** The row first, so that nothing the workers say counts any more; then the queue; then whoever works on it. */
export async function cancel(
  life: Life,
  jobId: string,
  sight: Sight,
  reason = 'cancelled by the caller',
): Promise<Job> {
  const { job, stopped } = await life.db.transaction(async (tx) => {
    const locked = await lockJob(tx, jobId, sight);
    if (!locked) throw notFound('job', jobId);
    if (locked.status === 'cancelled') return { job: locked, stopped: [] };
    const moved = await moveJob(tx, jobId, 'cancelled');
    if (!moved)
      throw new Refusal(409, 'already_ended', `The job has ${locked.status}; there is nothing left to cancel.`);
    await life.subjects[moved.pipeline]?.moved?.(tx, moved, {});
    await recordEvent(tx, jobId, 'job.cancelled', { reason });
    return { job: moved, stopped: await cancelTasks(tx, jobId) };
  });
  await stopTasks(life, stopped, reason);
  life.wake();
  return job;
}
