import { type Database, findJob, insertJob, moveJob, openDatabase, recordEvent } from '@reverie/db';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freshDatabase } from '../../../../test/support/database.ts';
import { eventually } from '../../../../test/support/eventually.ts';
import { makeHub } from '../hub.ts';
import type { JobNow } from './feed.ts';
import { startFollowing } from './following.ts';

const log = { warn: () => {} } as never;

async function following() {
  const url = await freshDatabase();
  const db = openDatabase({ url, connections: 3, onError: () => {} });
  // What followers read; the test itself reads beside it.
  const looking = { ...db, select: vi.fn(db.select.bind(db)) } as unknown as Database & {
    select: ReturnType<typeof vi.fn>;
  };
  const it = startFollowing({ db: looking, hub: makeHub(), log }, url);
  onTestFinished(async () => {
    await it.close();
    await db.close();
  });
  const job = (await insertJob(db, { owner: 'anna', pipeline: 'selftest', input: {} }))!;
  await recordEvent(db, job.id, 'job.queued');
  return { db, it, id: job.id, looks: looking.select };
}

test('however many follow a job, it is looked at once for all; when nobody does, not at all', async () => {
  const { db, it, id, looks } = await following();
  const told: JobNow[][] = [];
  const stops = Array.from({ length: 200 }, (_, i) => {
    const own: JobNow[] = [];
    told[i] = own;
    return it.follow(id, { tell: (now) => own.push(now), end: () => {} });
  });
  await eventually('the first look', async () => told.every((own) => own.length > 0));
  await recordEvent(db, id, 'job.changed');
  await eventually('the news', async () => told.every((own) => own.at(-1)!.events.length === 2));
  // A look is the job, its events and its tasks. The first word of a new connection is one more.
  expect(looks.mock.calls.length).toBeLessThanOrEqual(9);

  for (const stop of stops) stop();
  const before = looks.mock.calls.length;
  await recordEvent(db, id, 'job.changed');
  await new Promise((later) => setTimeout(later, 300));
  expect(looks.mock.calls.length).toBe(before);
});

test('a burst of commits is a few looks, and none is missed', async () => {
  const { db, it, id, looks } = await following();
  let last: JobNow | undefined;
  it.follow(id, { tell: (now) => (last = now), end: () => {} });
  await eventually('the first look', async () => last);
  for (let i = 0; i < 100; i++) await recordEvent(db, id, 'task.started', { part: i });
  await eventually('all of them', async () => last?.events.length === 101);
  const seqs = last!.events.map(({ seq }) => seq);
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  expect(looks.mock.calls.length).toBeLessThan(60);
});

test('a look that fails is taken again', async () => {
  const { db, it, id, looks } = await following();
  looks.mockImplementationOnce(() => {
    throw new Error('the database is away');
  });
  let last: JobNow | undefined;
  it.follow(id, { tell: (now) => (last = now), end: () => {} });
  await eventually('a look', async () => last, { seconds: 5 });
  await moveJob(db, id, 'cancelled');
  expect((await findJob(db, id))?.status).toBe('cancelled');
});

test('a job that is deleted is gone for its followers, too', async () => {
  const { db, it, id } = await following();
  let last: JobNow | undefined;
  it.follow(id, { tell: (now) => (last = now), end: () => {} });
  await eventually('the first look', async () => last?.job);
  await db.transaction(async (tx) => {
    await recordEvent(tx, id, 'job.cancelled');
    await tx.execute(`delete from jobs where id = '${id}'`);
  });
  await eventually('it to be gone', async () => last?.job === undefined);
});

test('who follows is told nothing before he has what stops it; after the end he is told that it is the end', async () => {
  const { it, id } = await following();
  const words: string[] = [];
  it.follow(id, { tell: () => words.push('told'), end: () => words.push('end') });
  expect(words).toEqual([]);
  await eventually('a word', async () => words.length > 0);
  await it.close();
  expect(words.at(-1)).toBe('end');
  it.follow(id, { tell: () => words.push('told'), end: () => words.push('end again') });
  await Promise.resolve();
  expect(words.at(-1)).toBe('end again');
});
