import { takePod } from '@reverie/db';
import { hold } from './hold.ts';
import type { Life } from './life.ts';

/** Gives a running attempt a pod that nobody is at; null: there is none just now. Undefined: the attempt is stale. */
export const takePodFor = (
  life: Life,
  at: { taskId: string; attempt: number },
  names: readonly string[],
): Promise<{ pod: string | null } | undefined> =>
  life.reports.transaction(async (tx) => {
    const held = await hold(tx, at.taskId);
    if (held?.task.attempt !== at.attempt || held.task.status !== 'running') return undefined;
    return { pod: (await takePod(tx, at.taskId, names)) ?? null };
  });
