import { randomUUID } from 'node:crypto';
import { migrateQueue, openProducer } from '@reverie/queue';
import { expect, inject, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';

const backends = [
  ['postgres', freshDatabase],
  ...(inject('redisUrl') ? [['redis', async () => inject('redisUrl')]] : []),
];

test.each(backends as [string, () => Promise<string>][])(
  'C52, E57: %s: a look into a queue claims nothing; its memory is told; emptied, it takes new entries',
  async (_backend, url) => {
    const config = { url: await url(), cluster: false, prefix: `look${randomUUID().slice(0, 8)}` };
    await migrateQueue(config);
    const queue = openProducer(config);
    const entry = (rank: number, delayMs = 0) => ({ task: randomUUID(), run: 0, rank, delayMs });
    const [first, second, low, later] = [entry(0), entry(0), entry(2), entry(0, 60_000)];
    await queue.add('io', [later, low, first, second]);
    const expected = {
      waiting: 3,
      active: 0,
      delayed: 1,
      entries: [
        { id: `${first.task}.0`, state: 'waiting' },
        { id: `${second.task}.0`, state: 'waiting' },
        { id: `${low.task}.0`, state: 'waiting' },
        { id: `${later.task}.0`, state: 'delayed' },
      ],
    };
    expect(await queue.peek('io', 10)).toEqual(expected);
    expect(await queue.peek('io', 10)).toEqual(expected);
    expect((await queue.peek('io', 2)).entries).toEqual(expected.entries.slice(0, 2));
    expect(await queue.memory()).toBeGreaterThan(10_000);

    await queue.empty();
    expect(await queue.peek('io', 10)).toEqual({ waiting: 0, active: 0, delayed: 0, entries: [] });
    await queue.add('io', [first]);
    expect((await queue.peek('io', 10)).entries).toEqual([{ id: `${first.task}.0`, state: 'waiting' }]);
    await queue.close();
  },
);
