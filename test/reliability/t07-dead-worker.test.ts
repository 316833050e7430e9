import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startCluster } from './support/cluster.ts';
import { percentile, report, scaled, seconds } from './support/figures.ts';
import { openLedger } from './support/ledger.ts';
import { rngOf, runSeed } from './support/rng.ts';
import { submitJob } from './support/submitter.ts';
import { memberOf, running, tasksOf } from './support/watching.ts';

test('T7: a killed worker’s task is started elsewhere within 20 s', async () => {
  const seed = runSeed();
  const rng = rngOf(seed);
  const kills = scaled(50, 3);
  const abreast = Math.min(8, kills);
  const ledger = openLedger();
  await using cluster = await startCluster({
    apis: 2,
    workers: abreast + 2, // whoever has nothing to do takes over
    workerEnv: { CPU_SLOTS: '1', WORKER_FLEETS: 'cpu,io' },
  });
  const times: number[] = [];
  let left = kills;

  const lane = async (number: number) => {
    while (left-- > 0) {
      const key = `t7-${number}-${left}`;
      const jobId = await submitJob({ url: cluster.url, ledger, key, input: { bytes: 10, parts: 1, seconds: 300 } });
      const task = await running(cluster, jobId, 'read');
      await sleep(rng.int(0, 5_000)); // anywhere between two renewals of its lease
      const holder = memberOf(cluster, task.worker)!;
      const killedAt = Date.now();
      await holder.end('SIGKILL');
      await holder.start();
      const startedAt = await eventually(
        'its next start',
        async () => {
          const { rows } = await cluster.db.query<{ at: Date }>(
            'select started_at as at from attempts where task_id = $1 and attempt > $2 order by attempt limit 1',
            [task.id, task.attempt],
          );
          return rows[0]?.at.getTime();
        },
        { seconds: 90 },
      );
      times.push(startedAt - killedAt);
      await fetch(`${cluster.url}/jobs/${jobId}/cancel`, { method: 'POST' });
      await eventually('it to be cancelled', async () =>
        (await tasksOf(cluster, jobId)).every(({ status }) => status !== 'running'),
      );
    }
  };
  await Promise.all(Array.from({ length: abreast }, (_, number) => lane(number)));

  const [p50, p99, most] = [percentile(times, 50), percentile(times, 99), Math.max(...times)];
  report('T7', `${times.length} kills, next start p50 ${seconds(p50)} p99 ${seconds(p99)} most ${seconds(most)}`, {
    ...{ seed, kills: times.length, p50, p99, most },
  });
  expect(p99, `REVERIE_SEED=${seed}`).toBeLessThanOrEqual(20_000);
});
