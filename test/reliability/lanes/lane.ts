import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@reverie/embedded';
import { migrateQueue } from '@reverie/queue';
import pg from 'pg';
import { inject } from 'vitest';
import { freshDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { type GatedLink, gatedLink } from './gated-link.ts';

/** Who says something to whom, and who dies when that line is to kill. */
export const LINKS = {
  'api → postgres': 'api',
  'api → redis': 'api',
  'worker → redis': 'worker',
  'worker → api': 'worker',
} as const;
export type LinkName = keyof typeof LINKS;
export const LINK_NAMES = Object.keys(LINKS) as LinkName[];

/** One API and one worker on a database of their own, with every line between them and the servers in our hands. */
export interface Lane extends AsyncDisposable {
  url: string;
  client: pg.Client;
  links: Record<LinkName, GatedLink>;
  kill(who: 'api' | 'worker'): void;
  /** Starts whoever is not there; returns when the API answers and the worker has been counted on. */
  up(): Promise<void>;
  /** Submits a selftest as a careful caller does, until it has been heard. */
  submit(input?: object): Promise<string>;
  log(): string;
}

export async function openLane(env: Record<string, string> = {}): Promise<Lane> {
  const dir = await mkdtemp(join(tmpdir(), 'reverie-lane-'));
  const databaseUrl = await freshDatabase();
  const prefix = `l${randomBytes(5).toString('hex')}`;
  const redisUrl = inject('redisUrl') || databaseUrl;
  await migrateQueue({ url: redisUrl, cluster: false, prefix });
  const port = await freePort();
  const portOf = (url: string) => Number(new URL(url).port);
  const links = {
    'api → postgres': await gatedLink(portOf(databaseUrl)),
    'api → redis': await gatedLink(portOf(redisUrl)),
    'worker → redis': await gatedLink(portOf(redisUrl)),
    'worker → api': await gatedLink(port),
  };
  const over = (url: string, link: LinkName) => Object.assign(new URL(url), { port: String(links[link].port) }).href;
  const common = {
    PATH: process.env.PATH ?? '',
    NODE_COMPILE_CACHE: join(tmpdir(), 'reverie-compile-cache'),
    QUEUE_PREFIX: prefix,
    STORAGE_DIR: join(dir, 'artifacts'),
    SCRATCH_DIR: join(dir, 'scratch'),
    REPORT_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    AUTH: 'off',
    ESPEAK_PATH: '/nowhere/espeak-ng',
    RETRY_BACKOFF_BASE_SECONDS: '0.05',
    WORKER_LEASE_SECONDS: '1',
    ...env,
  };
  const settings = {
    api: {
      ...common,
      PORT: String(port),
      API_BASE_URL: `http://127.0.0.1:${port}`,
      DATABASE_URL: over(databaseUrl, 'api → postgres'),
      REDIS_URL: over(redisUrl, 'api → redis'),
    },
    worker: {
      ...common,
      API_BASE_URL: `http://127.0.0.1:${links['worker → api'].port}`,
      REDIS_URL: over(redisUrl, 'worker → redis'),
    },
  };
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();

  const running: Partial<Record<'api' | 'worker', ChildProcess>> = {};
  let log = '';
  function start(who: 'api' | 'worker') {
    const child = spawn(process.execPath, [`apps/${who}/src/main.ts`], {
      env: settings[who],
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (log += data));
    child.once('exit', () => {
      if (running[who] === child) delete running[who];
    });
    running[who] = child;
  }
  const url = `http://127.0.0.1:${port}`;

  return {
    url,
    client,
    links,
    kill(who) {
      running[who]?.kill('SIGKILL');
      delete running[who];
    },
    async up() {
      const isNew = !running.worker;
      for (const who of ['api', 'worker'] as const) if (!running[who]) start(who);
      await eventually('the API to answer', async () => (await fetch(`${url}/livez`)).ok, { seconds: 120 });
      if (!isNew) return;
      const name = `%-${running.worker?.pid}-%`;
      await eventually(
        'the worker to be counted on',
        async () => ((await client.query('select from workers where id like $1', [name])).rowCount ?? 0) > 0,
        { seconds: 120 },
      );
    },
    async submit(input = { parts: 1 }) {
      const key = randomUUID();
      const body = JSON.stringify({ pipeline: 'selftest', input });
      const headers = { 'content-type': 'application/json', 'idempotency-key': key };
      for (;;) {
        try {
          const signal = AbortSignal.timeout(5_000);
          const answer = await fetch(`${url}/jobs`, { method: 'POST', headers, body, signal });
          const { job_id } = (await answer.json()) as { job_id?: string };
          if (answer.status < 300 && job_id) return job_id;
        } catch {
          // not heard; the key makes it safe to say it again
        }
        await sleep(50);
      }
    },
    log: () => log,
    async [Symbol.asyncDispose]() {
      const ending = Object.values(running).map(async (child) => {
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      });
      await Promise.all(ending);
      await client.end();
      await Promise.all(Object.values(links).map((link) => link[Symbol.asyncDispose]()));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** What is wrong with jobs that should be done. Empty: each had its effect once. */
export async function wrongJobs(client: pg.Client, jobIds: string[]): Promise<string[]> {
  const { rows } = await client.query<{ what: string }>(
    `with wanted as (select unnest($1::uuid[]) as id)
     select format('%s is %s', wanted.id, coalesce(jobs.status, 'not there')) as what
       from wanted left join jobs using (id) where jobs.status is distinct from 'completed'
     union all
     select format('%s has %s times job.completed', wanted.id, count(events.seq))
       from wanted left join events on events.job_id = wanted.id and events.type = 'job.completed'
       group by wanted.id having count(events.seq) <> 1
     union all
     select format('%s: %s %s has %s times task.completed', tasks.job_id, tasks.stage, tasks.part, count(events.seq))
       from tasks join wanted on wanted.id = tasks.job_id
       left join events on events.job_id = tasks.job_id and events.type = 'task.completed'
         and events.data->>'stage' = tasks.stage and (events.data->>'part')::int = tasks.part
       group by tasks.id having count(events.seq) <> 1
     union all
     select format('%s: %s has %s completed attempts', tasks.job_id, tasks.stage, count(attempts.attempt))
       from tasks join wanted on wanted.id = tasks.job_id
       left join attempts on attempts.task_id = tasks.id and attempts.outcome = 'completed'
       group by tasks.id having count(attempts.attempt) <> 1
     union all
     select format('%s: attempt %s was accepted, and the fence is %s', tasks.stage, attempts.attempt, tasks.attempt)
       from tasks join wanted on wanted.id = tasks.job_id
       join attempts on attempts.task_id = tasks.id and attempts.outcome = 'completed'
       where attempts.attempt <> tasks.attempt
     union all
     select format('%s has %s files', wanted.id, count(artifacts.key))
       from wanted left join artifacts on artifacts.job_id = wanted.id
       group by wanted.id having count(artifacts.key) <> 1
     union all
     select format('key %s is %s jobs', idempotency_key, count(*)) from jobs where idempotency_key is not null group by idempotency_key having count(*) > 1`,
    [jobIds],
  );
  return rows.map(({ what }) => what);
}

/** Returns when all of them have ended. */
export const allEnded = (client: pg.Client, jobIds: string[], seconds: number) =>
  eventually(
    `${jobIds.length} jobs to end`,
    async () => {
      const { rows } = await client.query(
        `select count(*)::int as n from jobs where id = any($1) and status in ('completed', 'failed', 'cancelled')`,
        [jobIds],
      );
      return rows[0].n === jobIds.length;
    },
    { seconds },
  );
