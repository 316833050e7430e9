import { randomUUID } from 'node:crypto';
import { ENDED, hasEnded, JOB_MOVES, JOB_STATUSES, type JobStatus, TASK_STATUSES } from '@reverie/contracts';
import { type Database, findJob, type Job, moveJob, openDatabase } from '@reverie/db';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../../support/database.ts';

let db: Database;
let client: pg.Client;
beforeAll(async () => {
  const url = await freshDatabase();
  db = openDatabase({ url, connections: 2, onError: () => {} });
  client = new pg.Client({ connectionString: url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await db.close();
});

async function jobIn(status: JobStatus): Promise<Job> {
  const { rows } = await client.query(
    `insert into jobs (owner, pipeline, status, input, ended_at) values ('table', 'selftest', $1, '{}', $2) returning id`,
    [status, hasEnded(status) ? new Date() : null],
  );
  return (await findJob(db, rows[0].id))!;
}

const PAIRS = JOB_STATUSES.flatMap((from) => JOB_STATUSES.map((to) => [from, to] as const));
const isAllowed = (from: JobStatus, to: JobStatus) => (JOB_MOVES[from] as readonly JobStatus[]).includes(to);

test('the table has an end that nothing leaves, and every state can be reached', () => {
  expect(JOB_MOVES.completed).toEqual([]);
  const reached = new Set(Object.values(JOB_MOVES).flat());
  expect(JOB_STATUSES.filter((status) => !reached.has(status as never))).toEqual([]);
});

describe('moveJob makes the moves of the table and no others', () => {
  test.each(PAIRS)('%s → %s', async (from, to) => {
    const job = await jobIn(from);
    const moved = await moveJob(db, job.id, to);
    const after = await findJob(db, job.id);
    if (!isAllowed(from, to)) {
      expect(moved).toBeUndefined();
      expect(after).toEqual(job);
      return;
    }
    expect(moved).toEqual(after);
    expect(after).toMatchObject({ status: to, run: to === 'queued' ? job.run + 1 : job.run });
    expect(after!.endedAt !== null).toBe(hasEnded(to));
  });
});

describe('what has ended stays ended, whatever SQL somebody writes', () => {
  const ways = [
    ['alone', 'set status = $2'],
    ['with a new run', 'set status = $2, run = run + 1'],
    ['with an older run', 'set status = $2, run = run - 1'],
  ] as const;
  const ends = ENDED.flatMap((from) => JOB_STATUSES.filter((to) => to !== from).map((to) => [from, to] as const));

  test.each(ends)('%s → %s', async (from, to) => {
    for (const [how, change] of ways) {
      const job = await jobIn(from);
      const update = client.query(`update jobs ${change} where id = $1`, [job.id, to]);
      if (how === 'with a new run' && isAllowed(from, to)) await update;
      else await expect(update, how).rejects.toThrow(/is final/);
      if (how !== 'with a new run') expect(await findJob(db, job.id)).toEqual(job);
    }
  });
});

describe('tasks: the fence never falls, and an end holds until the next run', () => {
  const taskIn = async (status: string) => {
    const job = await jobIn('processing');
    const { rows } = await client.query(
      `insert into tasks (id, job_id, stage, fleet, status, owner, pipeline, rank, attempt)
       values ($1, $2, 'write', 'io', $3, 'table', 'selftest', 1, 3) returning id`,
      [randomUUID(), job.id, status],
    );
    return rows[0].id as string;
  };
  const pairs = TASK_STATUSES.flatMap((from) =>
    TASK_STATUSES.filter((to) => to !== from).map((to) => [from, to] as const),
  );

  test.each(pairs)('%s → %s', async (from, to) => {
    const ended = ['completed', 'failed', 'cancelled'].includes(from);
    const id = await taskIn(from);
    const update = client.query('update tasks set status = $2 where id = $1', [id, to]);
    if (ended) await expect(update).rejects.toThrow(/is final/);
    else await update;
    await client.query('update tasks set status = $2, run = run + 1 where id = $1', [id, to]);
  });
  test.each(TASK_STATUSES)('%s: an attempt cannot go back, not even with a new run', async (status) => {
    const id = await taskIn(status);
    await expect(client.query('update tasks set attempt = 2, run = run + 1 where id = $1', [id])).rejects.toThrow(
      /attempt may not go back/,
    );
    await client.query('update tasks set attempt = 4 where id = $1', [id]);
  });
});
