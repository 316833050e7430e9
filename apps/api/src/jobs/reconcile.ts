import { FLEETS, queueEntryId } from '@reverie/contracts';
import { settledInFlight, type Task } from '@reverie/db';
import type { Life } from './life.ts';

/** Longer than anything is put off by a worker without the row knowing. */
const LATE_MS = 10_000;
/** It should have been taken by now. With a worker's clock an hour off, it would be put off for an hour. */
const isOverdue = ({ retryAt, startedAt }: Task): boolean =>
  ((retryAt ?? startedAt)?.getTime() ?? 0) + LATE_MS < Date.now();

/**
 * Compares what the rows say is in flight with what the queues hold, and adds what is missing: Redis may be flushed,
 * evicted or replaced at any moment. Adding what another replica has just added changes nothing, and a task that is
 * being worked on after all is protected by its fence. Of a fleet with nothing in flight the queue is not asked.
 */
export async function reconcile({ db, queue, log }: Life): Promise<void> {
  const inFlight = await settledInFlight(db);
  for (const fleet of FLEETS) {
    const own = inFlight.filter((task) => task.fleet === fleet);
    if (own.length === 0) continue;
    const present = await queue.present(fleet);
    const putOff = own.some(isOverdue) ? await queue.putOff(fleet) : new Set<string>();
    const lost = own
      .filter((task) => {
        const entry = queueEntryId({ task: task.id, run: task.run });
        return !present.has(entry) || (isOverdue(task) && putOff.has(entry));
      })
      .map(({ id, run, rank, retryAt }) => ({
        task: id,
        run,
        rank,
        delayMs: Math.max(0, (retryAt?.getTime() ?? 0) - Date.now()),
      }));
    if (lost.length === 0) continue;
    log.warn({ fleet, tasks: lost.length }, 'the queue had lost tasks; they are added again');
    // What the queue believes to be finished would make adding it a no-op.
    await Promise.all(lost.map((entry) => queue.remove(fleet, entry)));
    await queue.add(fleet, lost);
  }
}
