import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { startProduct } from '../../support/product.ts';
import { wanting } from '../clock/skew.ts';
import { allEnded, wrongJobs } from '../lanes/lane.ts';
import type { SmallDisk } from './full-disk.ts';

/** Jobs whose files do not fit, until somebody makes room. */
export async function withFullDisk(disk: SmallDisk, { jobs, fullForMs }: { jobs: number; fullForMs: number }) {
  await using product = await startProduct({ env: { STORAGE_DIR: join(disk.dir, 'artifacts') } });
  await product.startWorker();
  const { submit } = wanting(product);
  const bytes = 700_000;
  await disk.fill(bytes * 1.5);
  const ids = await Promise.all(Array.from({ length: jobs }, () => submit({ bytes, parts: 1 })));
  return await withClient(product.databaseUrl, async (client) => {
    const count = async (what: string): Promise<number> => (await client.query(`select ${what} as n`)).rows[0].n;
    const refused = `(select count(*)::int from attempts where error->>'code' = 'disk_full')`;
    await eventually('the disk to be full', async () => (await count(refused)) >= jobs);
    await sleep(fullForMs);
    const whileFull = {
      refused: await count(refused),
      failed: await count(`(select count(*)::int from jobs where status = 'failed')`),
    };
    await disk.makeRoom();
    const began = performance.now();
    const late = await allEnded(client, ids, 60).then(
      () => [],
      (error: Error) => [error.message],
    );
    const ms = performance.now() - began;
    const wrong = [...late, ...(await wrongJobs(client, ids))];
    const { rows } = await client.query<{ key: string; sha256: string; failures: number }>(
      `select artifacts.key, tasks.output->'expected'->>'sha256' as sha256, tasks.failures
       from artifacts join tasks on tasks.job_id = artifacts.job_id and tasks.stage = 'write'`,
    );
    for (const { key, sha256, failures } of rows) {
      const whole = await readFile(join(disk.dir, 'artifacts', key)).catch(() => Buffer.alloc(0));
      if (createHash('sha256').update(whole).digest('hex') !== sha256) wrong.push(`${key} has other bytes`);
      if (failures > 0) wrong.push(`${key}: ${failures} attempts were charged`);
    }
    return { wrong, ...whileFull, ms };
  });
}
