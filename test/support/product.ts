import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '@reverie/embedded';
import { migrateQueue, type QueueConfig } from '@reverie/queue';
import { inject } from 'vitest';
import { freshDatabase } from './database.ts';
import { eventually } from './eventually.ts';
import { ffmpegForTests } from './ffmpeg.ts';

/** Where compiled code is kept: processes start in two thirds of the time. */
export const COMPILED = resolve('node_modules/.cache/node');

export interface ProductOptions {
  /** Which of BullMQ's two backends. */
  queue?: 'redis' | 'postgres';
  env?: Record<string, string>;
}

/** The product's own processes on a database, a queue and a folder that nobody else has. */
export interface Product extends AsyncDisposable {
  url: string;
  databaseUrl: string;
  reportSecret: string;
  queue: QueueConfig;
  dir: string;
  /** The API that is running; after it was killed, `startApi` gives another at the same address. */
  api: Running;
  startApi(): Promise<void>;
  startWorker(env?: Record<string, string>): Promise<Running>;
  stopWorkers(): Promise<void>;
  /** What the processes have logged so far. */
  log(): string;
}

export interface Running {
  process: ChildProcess;
  /** Resolves with the exit code, or the signal's name. */
  stop(signal?: NodeJS.Signals): Promise<number | string>;
}

const ended = (it: Running) => it.process.exitCode ?? it.process.signalCode ?? it.stop();

/** Redis where the machine has one; BullMQ's Postgres backend otherwise. */
const defaultQueue = (): 'redis' | 'postgres' => (inject('redisUrl') ? 'redis' : 'postgres');

export async function startProduct({ queue: kind = defaultQueue(), env = {} }: ProductOptions = {}): Promise<Product> {
  const dir = await mkdtemp(join(tmpdir(), 'reverie-product-'));
  const databaseUrl = await freshDatabase();
  const prefix = `t${randomBytes(5).toString('hex')}`;
  const queue: QueueConfig = { url: kind === 'redis' ? inject('redisUrl') : databaseUrl, cluster: false, prefix };
  await migrateQueue(queue);
  const { ffmpegPath, ffprobePath } = await ffmpegForTests();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const reportSecret = `whsec_${randomBytes(32).toString('base64')}`;
  const settings = {
    PATH: process.env.PATH ?? '',
    NODE_COMPILE_CACHE: COMPILED,
    DATABASE_URL: databaseUrl,
    REDIS_URL: queue.url,
    QUEUE_PREFIX: prefix,
    STORAGE_DIR: join(dir, 'artifacts'),
    SCRATCH_DIR: join(dir, 'scratch'),
    REPORT_SECRET: reportSecret,
    API_BASE_URL: url,
    PORT: String(port),
    AUTH: 'off',
    FFMPEG_PATH: ffmpegPath,
    FFPROBE_PATH: ffprobePath,
    ESPEAK_PATH: '/nowhere/espeak-ng', // the same narration on every machine
    RETRY_BACKOFF_BASE_SECONDS: '0.05',
    ...env,
  };
  const running: Running[] = [];
  let log = '';
  const start = (script: string, more: Record<string, string> = {}): Running => {
    const child = spawn(process.execPath, [script], {
      env: { ...settings, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (log += data));
    const ended = new Promise<number | string>((resolve) =>
      child.once('exit', (code, signal) => resolve(code ?? signal ?? 0)),
    );
    const it: Running = {
      process: child,
      stop(signal = 'SIGTERM') {
        child.kill(signal);
        return ended;
      },
    };
    running.push(it);
    return it;
  };
  const startApi = async (): Promise<Running> => {
    const api = start('apps/api/src/main.ts');
    await eventually('the API to answer', async () => {
      if (api.process.exitCode !== null) throw new Error(`it ended:\n${log}`);
      return (await fetch(`${url}/livez`)).ok;
    });
    return api;
  };

  const product: Product = {
    api: await startApi(),
    async startApi() {
      product.api = await startApi();
    },
    url,
    databaseUrl,
    reportSecret,
    queue,
    dir,
    log: () => log,
    async startWorker(more) {
      const worker = start('apps/worker/src/main.ts', more);
      await eventually(
        'the worker to be ready',
        async () => log.includes(`-${worker.process.pid}-`) || worker.process.exitCode !== null,
      );
      if (worker.process.exitCode !== null) throw new Error(`the worker ended:\n${log}`);
      return worker;
    },
    async stopWorkers() {
      await Promise.all(running.filter((it) => it !== product.api).map(ended));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(running.map(ended));
      await rm(dir, { recursive: true, force: true });
    },
  };
  return product;
}
