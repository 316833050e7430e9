import { openDatabase, type Task, takeNext } from '@reverie/db';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshDatabase, withClient } from '../support/database.ts';

let url: string;
let db: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  url = await freshDatabase();
  db = openDatabase({ url, connections: 4, onError: () => {} });
});
beforeEach(() => sql('truncate jobs, lanes cascade'));
afterAll(() => db.close());

const sql = (text: string, values: unknown[] = []) => withClient(url, (client) => client.query(text, values));

/** Waiting tasks of one owner, a second apart. */
const backlog = (owner: string, count: number, { rank = 1, ageSeconds = 0, pipeline = 'selftest' } = {}) =>
  sql(
    `with made as (
       insert into jobs (owner, pipeline, input) select $1, $5, '{}' from generate_series(1, $2) returning id
     )
     insert into tasks (job_id, owner, pipeline, stage, fleet, rank, created_at)
     select id, $1, $5, 'write', 'cpu', $3, now() - make_interval(secs => $4) + row_number() over () * interval '1 ms' from made`,
    [owner, count, rank, ageSeconds, pipeline],
  );
const lane = (owner: string, weight: number, cap: number | null = null) =>
  sql(`insert into lanes (kind, name, weight, cap) values ('owner', $1, $2, $3)`, [owner, weight, cap]);
const countBy = (tasks: Task[]) => {
  const counts: Record<string, number> = {};
  for (const { owner } of tasks) counts[owner] = (counts[owner] ?? 0) + 1;
  return counts;
};

describe('F13 F14: the next tasks of a fleet, in fair order', () => {
  test('one task of B is next, though A has ten thousand before it', async () => {
    await backlog('a', 10_000, { ageSeconds: 300 });
    await backlog('b', 1);
    expect(countBy(await takeNext(db, 'cpu', 2))).toEqual({ a: 1, b: 1 });
  });

  test('high before normal before low, whoever’s', async () => {
    await backlog('a', 3, { rank: 2 });
    await backlog('b', 3, { rank: 1 });
    await backlog('c', 3, { rank: 0 });
    expect((await takeNext(db, 'cpu', 9)).map(({ rank }) => rank)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  });

  test('ageing: what waited for twenty minutes is not overtaken any more', async () => {
    await backlog('a', 1, { rank: 2, ageSeconds: 1_300 });
    await backlog('b', 10, { rank: 0 });
    expect((await takeNext(db, 'cpu', 2)).map(({ owner }) => owner).sort()).toEqual(['a', 'b']);
  });

  test('weights of 3 and 1 give 3 to 1 within 5 % over a thousand tasks', async () => {
    await Promise.all([backlog('a', 900), backlog('b', 400)]);
    await lane('a', 3);
    const taken: Task[] = [];
    while (taken.length < 1_000) {
      const some = await takeNext(db, 'cpu', 20);
      taken.push(...some);
      // All but the last forty are done: what counts is what is in flight, so some always are.
      const done = taken.slice(-60, -40).map(({ id }) => id);
      await sql(`update tasks set status = 'completed' where id = any($1)`, [done]);
    }
    const { a = 0, b = 0 } = countBy(taken);
    expect(a / b).toBeGreaterThan(3 * 0.95);
    expect(a / b).toBeLessThan(3 * 1.05);
  });

  test('nobody gets beyond his cap, in all fleets together', async () => {
    await backlog('a', 10);
    await lane('a', 1, 3);
    await sql(`update tasks set status = 'running', fleet = 'io' where id = (select id from tasks limit 1)`);
    expect(await takeNext(db, 'cpu', 10)).toHaveLength(2);
    expect(await takeNext(db, 'cpu', 10)).toEqual([]);
  });

  test('paused and held stay where they are', async () => {
    await backlog('a', 2, { pipeline: 'dream' });
    await backlog('a', 2);
    await backlog('b', 2);
    await backlog('c', 2);
    await sql(`insert into lanes (kind, name, paused_at) values ('pipeline', 'dream', now()), ('owner', 'b', now())`);
    await sql(`update tasks set held = true where owner = 'c'`);
    expect(countBy(await takeNext(db, 'cpu', 10))).toEqual({ a: 2 });
    await sql(`insert into lanes (kind, name, paused_at) values ('fleet', 'cpu', now())`);
    await sql(`update tasks set held = false`);
    expect(await takeNext(db, 'cpu', 10)).toEqual([]);
  });

  test('four replicas at once take every task once', async () => {
    await Promise.all([backlog('a', 100), backlog('b', 100)]);
    const rounds = await Promise.all(Array.from({ length: 4 }, () => takeNext(db, 'cpu', 100)));
    const ids = rounds.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (let more = [1] as unknown[]; more.length > 0; ) more = await takeNext(db, 'cpu', 100);
    expect((await sql(`select count(*)::int as n from tasks where status = 'waiting'`)).rows[0].n).toBe(0);
  });

  test('the cost does not grow with the backlog', async () => {
    const cost = async () => {
      await sql('vacuum analyze tasks');
      const times: number[] = [];
      for (let i = 0; i < 9; i++) {
        const began = performance.now();
        await takeNext(db, 'cpu', 8);
        times.push(performance.now() - began);
      }
      return times.sort((x, y) => x - y)[4]!;
    };
    await backlog('a', 500);
    await backlog('b', 500);
    const small = await cost();
    await backlog('a', 40_000);
    await backlog('b', 40_000);
    // Eighty times the backlog; a scan of it would cost tens of milliseconds.
    expect(await cost()).toBeLessThan(small * 3 + 5);
  });
});
