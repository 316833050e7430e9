import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { productThatCallsBack } from '../../support/callbacks.ts';
import { eventually } from '../../support/eventually.ts';
import { killedWhileSending } from '../../support/killed-while-sending.ts';
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
  test('three kills: every event arrives, and under one id each', async () => {
    const { told, sent, idsOf } = await killedWhileSending({ product, sql, endpoint, cancelled }, 3);
    await eventually('every job to have been told of', async () => [...told].every((job) => idsOf().has(job)));
    expect([...idsOf().values()].map((ids) => ids.size)).toEqual(Array(told.size).fill(1));
    expect(sent()).toBeGreaterThan(told.size); // kills did hit
  });
});
