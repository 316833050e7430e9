import { FLEETS } from '@reverie/contracts';
import type { Task } from '@reverie/db';
import type { Life } from './life.ts';

/**
 * After the rows have moved: out of the queues, and a word to the workers that hold them. Best effort: a worker that
 * misses the word learns it at its next one to the API, which is refused.
 */
export async function stopTasks(
  { queue, signals, log }: Life,
  stopped: readonly Pick<Task, 'id' | 'run' | 'fleet'>[],
  reason: string,
): Promise<void> {
  if (stopped.length === 0) return;
  const entries = stopped.map(({ id, run }) => ({ task: id, run }));
  await signals
    .stop({ entries, reason })
    .catch((error: Error) => log.warn({ error: error.message }, 'workers could not be told to stop'));
  for (const fleet of FLEETS) {
    const own = stopped.filter((task) => task.fleet === fleet);
    await Promise.all(own.map(({ id, run }) => queue.remove(fleet, { task: id, run })));
  }
}
