import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientOf } from '../../support/client.ts';
import { eventually } from '../../support/eventually.ts';
import type { Product } from '../../support/product.ts';

/** The environment of a worker whose clock is wrong. */
export const wrongBy = (seconds: number): Record<string, string> => ({
  CLOCK_SHIFT_SECONDS: String(seconds),
  NODE_OPTIONS: `--import=${fileURLToPath(new URL('./shifted.ts', import.meta.url))}`,
});

interface Job {
  job_id: string;
  status: string;
  stages: { name: string; attempts: { outcome: string }[] }[];
}

/** A caller who wants selftests done. */
export function wanting(product: Product) {
  const call = clientOf(product.url);
  const get = async (id: string) => (await call<Job>('GET', `/jobs/${id}`)).body;
  return {
    get,
    async submit(input: object): Promise<string> {
      return (await call<Job>('POST', '/jobs', { pipeline: 'selftest', input })).body.job_id;
    },
    done: (id: string, seconds = 30) =>
      eventually(
        `job ${id} to be done`,
        async () => {
          const job = await get(id);
          if (job.status === 'failed') throw new Error(JSON.stringify(job));
          return job.status === 'completed' && job;
        },
        { seconds },
      ),
  };
}

export const outcomesOf = ({ stages }: Job): string[] =>
  stages.flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome));

/**
 * A task fails in the hands of a worker whose clock is wrong, is put off by it, and the worker dies. Says how long it
 * takes until one whose clock is right has finished the job.
 */
export async function putOffByAWrongClock(
  product: Product,
  shiftSeconds: number,
): Promise<{ ms: number; outcomes: string[] }> {
  const { submit, get, done } = wanting(product);
  const io = await product.startWorker({ WORKER_FLEETS: 'io' });
  const id = await submit({ parts: 1 });
  await eventually('the file to be written', async () => outcomesOf(await get(id)).includes('completed'));
  const file = join(product.dir, 'artifacts', 'jobs', id, 'work', 'write', '0', '1', 'file.bin');
  await rename(file, `${file}.away`);
  const wrong = await product.startWorker({ WORKER_FLEETS: 'cpu', ...wrongBy(shiftSeconds) });
  await eventually('the first attempt to fail', async () => outcomesOf(await get(id)).includes('failed'));
  await wrong.stop('SIGKILL');
  await rename(`${file}.away`, file);
  const began = performance.now();
  const right = await product.startWorker({ WORKER_FLEETS: 'cpu' });
  const job = await done(id, 60);
  const ms = performance.now() - began;
  await Promise.all([io.stop(), right.stop()]);
  return { ms, outcomes: outcomesOf(job) };
}
