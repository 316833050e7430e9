import { setTimeout as sleep } from 'node:timers/promises';
import type { productThatCallsBack } from './callbacks.ts';

type Setting = Pick<Awaited<ReturnType<typeof productThatCallsBack>>, 'product' | 'sql' | 'endpoint' | 'cancelled'>;

/** Kills the API again and again while it sends callbacks. What was told of, how often was sent, and under which ids. */
export async function killedWhileSending({ product, sql, endpoint, cancelled }: Setting, kills: number) {
  const { receiver } = await endpoint();
  receiver.answer = (response) => void setTimeout(() => response.writeHead(200).end(), 60);
  const told = new Set<string>();
  /** What the dead one had taken is due again when its lease has run out, and what failed by its schedule: both are now. */
  const hurry = async () => {
    await sql.query(`update deliveries set due_at = now() where status = 'pending'`);
    await sql.query('notify reverie_deliveries');
  };
  for (let kill = 0; kill < kills; kill++) {
    const made = await Promise.all(Array.from({ length: 6 }, () => cancelled()));
    for (const id of made) told.add(id);
    await sleep(Math.random() * 40);
    await product.api.stop('SIGKILL');
    await product.startApi();
    await hurry();
  }
  return {
    told,
    hurry,
    sent: () => receiver.received.length,
    idsOf() {
      const ids = new Map<string, Set<string>>();
      for (const { id, body } of receiver.received) {
        if (!('job_id' in body.data)) continue;
        ids.set(body.data.job_id, (ids.get(body.data.job_id) ?? new Set()).add(id));
      }
      return ids;
    },
  };
}
