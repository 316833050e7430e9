import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { drain } from './support/chaos.ts';
import { check, wrongs } from './support/checker.ts';
import { type Cluster, hasRedis, startCluster } from './support/cluster.ts';
import { report, scaled, seconds } from './support/figures.ts';
import { openLedger } from './support/ledger.ts';
import { rngOf, runSeed } from './support/rng.ts';
import { submitMany } from './support/submitter.ts';

const RUNNING = 50;

test.skipIf(!hasRedis())(
  'T5: Redis forgets everything with 10,000 queued and 50 running; all of it goes on',
  async () => {
    const seed = runSeed();
    const ledger = openLedger();
    const queued = scaled(10_000, 200);
    await using cluster = await startCluster({
      apis: 2,
      workers: 4,
      workerEnv: { CPU_SLOTS: '13', IO_SLOTS: '6' },
      judge: (exchange) => void ledger.saw(exchange),
    });
    const { url, db } = cluster;
    const rng = rngOf(seed);
    await submitMany({
      ...{ url, ledger, rng, jobs: RUNNING, prefix: 'running' },
      input: () => ({ bytes: 100, parts: 1, seconds: 25 }),
    });
    await eventually(
      '50 to be running',
      async () => (await count(cluster, "status = 'running' and stage = 'read'")) >= RUNNING,
    );
    // The rest is written as the API would have: what is measured begins when it lies there.
    await enqueue(cluster, queued);
    await eventually('the window to be full', async () => (await count(cluster, "status = 'dispatched'")) > 10);
    await sleep(1_000);

    const client = new Redis(cluster.redis!.url);
    const entries = async () =>
      new Set((await client.keys(`{${cluster.queuePrefix}:*}:*:*.*`)).map((key) => key.split(':').at(-1)!));
    await cluster.redis!.flush();
    const flushedAt = Date.now();
    const { rows: window } = await db.query<{ id: string; run: number }>(
      "select id, run from tasks where status in ('dispatched', 'running') and dispatched_at < now()",
    );
    let firstMs: number | undefined;
    const missing = new Set(window.map(({ id }) => id));
    const again = await eventually(
      'all that was in the window to be in it again',
      async () => {
        const present = await entries();
        // Added again, or done meanwhile by whoever had it in hand.
        const { rows } = await db.query<{ id: string; open: boolean }>(
          "select id, status in ('dispatched', 'running') as open from tasks where id = any($1)",
          [[...missing]],
        );
        for (const { id, open } of rows) if (!open || present.has(`${id}.0`)) missing.delete(id);
        if (window.some(({ id, run }) => present.has(`${id}.${run}`))) firstMs ??= Date.now() - flushedAt;
        return missing.size === 0 && Date.now() - flushedAt;
      },
      { seconds: 30 },
    );
    const { rows: first } = await db.query<{ ms: number }>(
      `select extract(epoch from min(started_at)) * 1000 - $1 as ms from attempts where started_at > to_timestamp($1 / 1000.0)`,
      [flushedAt],
    );
    client.disconnect();

    const began = performance.now();
    await drain(cluster, { stuckAfterMs: 60_000, everyMs: 1_000 });
    const verdicts = await check(cluster, ledger);
    report(
      'T5',
      `${queued} queued, ${RUNNING} running, ${window.length} in the window: first added again ${seconds(firstMs ?? Number.NaN)}, ` +
        `first start ${seconds(Number(first[0]!.ms))}, all added again ${seconds(again)}; ` +
        `${verdicts.figures.completed} completed ${seconds(performance.now() - began)} later`,
      {
        seed,
        queued,
        window: window.length,
        firstMs,
        allMs: again,
        firstStartMs: Number(first[0]!.ms),
        ...verdicts.figures,
      },
    );
    expect(wrongs(verdicts), `REVERIE_SEED=${seed}`).toEqual([]);
    expect(verdicts.figures.completed).toBe(queued + RUNNING);
    expect(again).toBeLessThanOrEqual(5_000);
    expect(firstMs).toBeLessThanOrEqual(1_500);
  },
);

const count = async ({ db }: Cluster, where: string): Promise<number> =>
  (await db.query<{ n: number }>(`select count(*)::int as n from tasks where ${where}`)).rows[0]!.n;

async function enqueue({ db }: Cluster, jobs: number) {
  await db.query(
    `with made as (
       insert into jobs (admitted, owner, pipeline, input)
       select true, owner, pipeline, '{"bytes": 1, "parts": 1, "seconds": 0}'::jsonb
       from (select owner, pipeline from jobs limit 1) like_that, generate_series(1, $1)
       returning id, owner, pipeline
     ), told as (
       insert into events (job_id, type, data) select id, 'job.queued', '{}'::jsonb from made
     )
     insert into tasks (job_id, owner, pipeline, stage, fleet, rank)
     select id, owner, pipeline, 'write', 'io', 1 from made`,
    [jobs],
  );
}
