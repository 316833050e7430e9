import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from '@reverie/embedded';
import { eventually } from './eventually.ts';
import { COMPILED, type Product } from './product.ts';

/** One more API beside the product's own, at another port. */
export async function startReplica(product: Product, env: Record<string, string> = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['apps/api/src/main.ts'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH ?? '',
      NODE_COMPILE_CACHE: COMPILED,
      DATABASE_URL: product.databaseUrl,
      REDIS_URL: product.queue.url,
      QUEUE_PREFIX: product.queue.prefix,
      STORAGE_DIR: join(product.dir, 'artifacts'),
      REPORT_SECRET: product.reportSecret,
      API_BASE_URL: product.url,
      PORT: String(port),
      AUTH: 'off',
      ...env,
    },
  });
  await eventually('the other API to answer', async () => (await fetch(`${url}/livez`)).ok);
  return {
    url,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}
