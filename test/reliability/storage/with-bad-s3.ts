import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { openStore } from '@reverie/storage';
import { fakeS3 } from '../../../packages/storage/src/fake-s3.ts';
import { withClient } from '../../support/database.ts';
import { startProduct } from '../../support/product.ts';
import { wanting } from '../clock/skew.ts';
import { allEnded, wrongJobs } from '../lanes/lane.ts';
import type { Rng } from '../support/rng.ts';
import { badS3, type Misfortunes } from './bad-s3.ts';

/** Jobs whose files go through an S3 that is not well. */
export async function withBadS3(
  rng: Rng,
  { jobs, shares, seconds }: { jobs: number; shares: Misfortunes; seconds: number },
) {
  const good = await fakeS3();
  try {
    const config = good.config();
    await using bad = await badS3(config.endpoint!, rng, shares);
    await using product = await startProduct({
      env: {
        STORAGE: 's3',
        S3_BUCKET: config.bucket,
        S3_PREFIX: config.prefix!,
        S3_ENDPOINT: bad.endpoint,
        S3_ACCESS_KEY_ID: 'test',
        S3_SECRET_ACCESS_KEY: 'test',
        STAGE_STILL_SECONDS: '5',
        CPU_SLOTS: '6',
        IO_SLOTS: '6',
      },
    });
    await product.startWorker();
    const { submit } = wanting(product);
    const ids: string[] = [];
    for (let n = 0; n < jobs; n++) ids.push(await submit({ bytes: rng.int(1, 200_000), parts: 2 }));
    return await withClient(product.databaseUrl, async (client) => {
      const late = await allEnded(client, ids, seconds).then(
        () => [],
        (error: Error) => [error.message],
      );
      const wrong = [...late, ...(await wrongJobs(client, ids))];
      const { rows } = await client.query<{ key: string; bytes: string; sha256: string }>(
        `select artifacts.key, artifacts.bytes, tasks.output->'expected'->>'sha256' as sha256
         from artifacts join tasks on tasks.job_id = artifacts.job_id and tasks.stage = 'write'`,
      );
      const store = openStore({ kind: 's3', ...config });
      for (const { key, bytes, sha256 } of rows) {
        const body = await store.get(key);
        const whole = body ? await buffer(body) : Buffer.alloc(0);
        if (whole.length !== Number(bytes)) wrong.push(`${key} has ${whole.length} bytes instead of ${bytes}`);
        if (createHash('sha256').update(whole).digest('hex') !== sha256) wrong.push(`${key} has other bytes`);
      }
      const tried = await client.query<{ n: number }>(
        `select count(*)::int as n from attempts where outcome <> 'completed'`,
      );
      return { wrong, objects: rows.length, counts: bad.counts, again: tried.rows[0]!.n };
    });
  } finally {
    await good.stop();
  }
}
