import { FLEETS, queueEntryId } from '@reverie/contracts';
import { settledInFlight } from '@reverie/db';
import type { Life } from './life.ts';

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
    const lost = own
      .map(({ id, run, rank, retryAt }) => ({
        task: id,
        run,
        rank,
        delayMs: Math.max(0, (retryAt?.getTime() ?? 0) - Date.now()),
      }))
      .filter((entry) => !present.has(queueEntryId(entry)));
    if (lost.length === 0) continue;
    log.warn({ fleet, tasks: lost.length }, 'the queue had lost tasks; they are added again');
    // What the queue believes to be finished would make adding it a no-op.
    await Promise.all(lost.map((entry) => queue.remove(fleet, entry)));
    await queue.add(fleet, lost);
  }
}
