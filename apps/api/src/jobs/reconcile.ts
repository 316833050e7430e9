import { FLEETS } from '@reverie/contracts';
import { lostInFlight } from '@reverie/db';
import type { Life } from './life.ts';

/**
 * Compares what the rows say is in flight with what the queues hold, and adds what is missing: Redis may be flushed,
 * evicted or replaced at any moment. Adding what another replica has just added changes nothing, and a task that is
 * being worked on after all is protected by its fence.
 */
export async function reconcile({ db, queue, log }: Life): Promise<void> {
  for (const fleet of FLEETS) {
    const present = await queue.present(fleet);
    const lost = await lostInFlight(db, fleet, present);
    if (lost.length === 0) continue;
    log.warn({ fleet, tasks: lost.length }, 'the queue had lost tasks; they are added again');
    const entries = lost.map(({ id, run, rank }) => ({ task: id, run, rank }));
    // What the queue believes to be finished would make adding it a no-op.
    await Promise.all(entries.map((entry) => queue.remove(fleet, entry)));
    await queue.add(fleet, entries);
  }
}
