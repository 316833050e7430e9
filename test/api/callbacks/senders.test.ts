import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { productThatCallsBack } from '../../support/callbacks.ts';
import { eventually } from '../../support/eventually.ts';
import { heard, startReceiver } from '../../support/receiver.ts';
import { sendersAlone } from '../../support/senders.ts';

const { product, sql, endpoint, cancelled } = await productThatCallsBack();

describe('senders', () => {
  test('three replicas share the work, and nothing is sent twice', async () => {
    const { sender, tell } = await sendersAlone();
    await using receiver = await startReceiver();
    for (let replica = 0; replica < 3; replica++) sender();
    const ids = await tell(receiver.url, 100);
    await heard(receiver, 100);
    await sleep(200);
    expect(receiver.received.map(({ id }) => id).sort()).toEqual(ids.sort());
  });

  test('one that is to stop hands back what it has begun, and no try is charged', async () => {
    const { sender, tell, own } = await sendersAlone();
    await using receiver = await startReceiver();
    receiver.answer = () => {};
    const delivering = sender();
    const [id] = await tell(receiver.url);
    await heard(receiver, 1);
    await delivering.stop(50);
    const { rows } = await own.query('select status, tries, due_at <= now() as due from deliveries');
    expect(rows).toEqual([{ status: 'pending', tries: 0, due: true }]);
    receiver.answer = 200;
    sender();
    await heard(receiver, 2);
    expect(receiver.received[1]!.id).toBe(id);
  });
});

describe('row 44: the API dies while it sends', () => {
  test('four kills: every event arrives, and under one id each', async () => {
    const { receiver } = await endpoint();
    receiver.answer = (response) => void setTimeout(() => response.writeHead(200).end(), 60);
    const told = new Set<string>();
    for (let kills = 0; kills < 4; kills++) {
      const made = await Promise.all(Array.from({ length: 6 }, () => cancelled()));
      for (const id of made) told.add(id);
      await sleep(Math.random() * 40);
      await product.api.stop('SIGKILL');
      await product.startApi();
      // What the dead one had taken is due again when its lease has run out: now.
      await sql.query(`update deliveries set due_at = now() where status = 'pending' and tries = 0`);
      await sql.query('notify reverie_deliveries');
    }
    const idsOf = () => {
      const ids = new Map<string, Set<string>>();
      for (const { id, body } of receiver.received) {
        if (!('job_id' in body.data)) continue;
        ids.set(body.data.job_id, (ids.get(body.data.job_id) ?? new Set()).add(id));
      }
      return ids;
    };
    await eventually('every job to have been told of', async () => [...told].every((job) => idsOf().has(job)));
    expect([...idsOf().values()].map((ids) => ids.size)).toEqual(Array(told.size).fill(1));
    expect(receiver.received.length).toBeGreaterThan(told.size); // kills did hit
  });
});
