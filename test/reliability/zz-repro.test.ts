import { setTimeout as sleep } from 'node:timers/promises';
import { execSync } from 'node:child_process';
import { test } from 'vitest';
import { drain } from './support/chaos.ts';
import { startCluster } from './support/cluster.ts';
import { openLedger } from './support/ledger.ts';
import { rngOf } from './support/rng.ts';
import { submitMany } from './support/submitter.ts';

test('repro', async () => {
  const ledger = openLedger();
  await using cluster = await startCluster({ apis: 2, workers: 2, judge: (e) => void ledger.saw(e) });
  const { url } = cluster;
  const load = submitMany({ url, ledger, rng: rngOf(1), jobs: 24, overMs: 8000 });
  await sleep(2000);
  for (const w of cluster.wiresTo('redis')) w.become({ kind: 'half-open' });
  await sleep(8000);
  for (const w of cluster.wiresTo('redis')) w.heal();
  await load;
  const ok = await drain(cluster, { stuckAfterMs: 15000 });
  console.log('drained', ok);
  if (ok) return;
  console.log((await cluster.db.query(`select id, fleet, stage, status, attempt, retry_at, dispatched_at, now() - dispatched_at as age from tasks where status in ('waiting','dispatched','running') order by created_at limit 5`)).rows);
  console.log((await cluster.db.query(`select status, fleet, count(*) from tasks group by 1,2`)).rows);
  const port = new URL(cluster.redis!.url).port;
  const cli = (c: string) => execSync(`redis-cli -p ${port} ${c}`, { encoding: 'utf8' });
  for (let i = 0; i < 3; i++) {
    for (const f of ['cpu', 'io']) {
      const p = `{${cluster.queuePrefix}:${f}}:${f}`;
      console.log(f, 'wait', cli(`llen '${p}:wait'`), 'active', cli(`lrange '${p}:active' 0 -1`), 'prio', cli(`zrange '${p}:prioritized' 0 -1 withscores`), 'delayed', cli(`zcard '${p}:delayed'`), 'marker', cli(`zrange '${p}:marker' 0 -1 withscores`), 'completed', cli(`zcard '${p}:completed'`), 'failed', cli(`zrange '${p}:failed' 0 3`));
    }
    await sleep(1000);
  }
  console.log(cli('client list'));
  console.log(cli(`keys '*'`).split('\n').filter((k) => /:lock|stalled/.test(k)).slice(0, 10));
  const { rows } = await cluster.db.query(`select id, run, fleet from tasks where status = 'dispatched' limit 1`);
  if (rows[0]) console.log(cli(`hgetall '{${cluster.queuePrefix}:${rows[0].fleet}}:${rows[0].fleet}:${rows[0].id}.${rows[0].run}'`));
  console.log(cluster.log().slice(-3000));
});
