import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, findRedis, freePort, type Server, startChild, startPostgres, startRedis } from '@reverie/embedded';
import { Redis } from 'ioredis';
import pg from 'pg';
import { eventually } from '../../support/eventually.ts';
import { type Exchange, readsExchanges } from './exchanges.ts';
import { type FaultProxy, startProxy, type Tap } from './proxy.ts';

export interface ClusterOptions {
  apis?: number;
  workers?: number;
  /** Variables of every process, of the APIs, of the workers. */
  env?: Record<string, string>;
  apiEnv?: Record<string, string>;
  workerEnv?: Record<string, string>;
  /** The sources to run: this repository, or a copy of it with something wrong. */
  root?: string;
  /** A worker's signed word on its way; 'drop' and it never arrives. */
  hear?: (id: string, worker: string) => 'drop' | undefined;
  /** It was answered; 'drop' and the worker never learns. */
  judge?: (exchange: Exchange) => 'drop' | undefined;
  /** Processes that are up at the beginning; by default all of them. */
  start?: boolean;
}

/** One process of the product, that may die and come back. */
export interface Member {
  name: string;
  readonly pid: number | undefined;
  /** Its own scratch folder (workers). */
  scratchDir: string;
  start(): Promise<void>;
  /** Sends a signal and returns at once. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal and returns what it ended with. */
  end(signal?: NodeJS.Signals): Promise<string>;
}

/** A Redis of the cluster's own, kept at one port through all its lives. */
interface OwnRedis {
  url: string;
  flush(): Promise<void>;
  /** Killed: what it held is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** The whole product on servers of its own, every connection of it over a wire that can break. */
export interface Cluster extends AsyncDisposable {
  dir: string;
  artifactsDir: string;
  /** Straight to the server, over no wire. */
  databaseUrl: string;
  db: pg.Pool;
  /** Undefined where there is no redis-server: the queue is BullMQ's Postgres backend then. */
  redis: OwnRedis | undefined;
  queuePrefix: string;
  reportSecret: string;
  /** Where a caller reaches the API: whichever replica answers. */
  url: string;
  apis: Member[];
  workers: Member[];
  /** By what they connect: `api1-postgres`, `api1-redis`, `worker1-redis`, `worker1-api`, `caller-api`. */
  wires: Map<string, FaultProxy>;
  wire(name: string): FaultProxy;
  wiresTo(end: 'postgres' | 'redis' | 'api'): FaultProxy[];
  /** Immediate shutdown, as a crash; and up again. */
  crashPostgres(downMs?: number): Promise<void>;
  /** Everything up, every wire healed, nobody stopped. */
  mend(): Promise<void>;
  log(): string;
}

/** This repository, or another checkout that the suite is to be run against. */
const REPOSITORY = process.env.RELIABILITY_ROOT ?? fileURLToPath(new URL('../../../', import.meta.url));

export const hasRedis = (): boolean => findRedis() !== undefined;

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { apis: apiCount = 2, workers: workerCount = 2, root = REPOSITORY } = options;
  const { judge = () => undefined, hear = () => undefined } = options;
  const dir = await mkdtemp(join(tmpdir(), 'reverie-cluster-'));
  await chmod(dir, 0o755); // Postgres does not run as root, and its user must get in
  const artifactsDir = join(dir, 'artifacts');
  const queuePrefix = `r${randomBytes(4).toString('hex')}`;
  const reportSecret = `whsec_${randomBytes(32).toString('base64')}`;
  const logFile = join(dir, 'cluster.log');
  const note = (what: string) => appendFileSync(logFile, `${new Date().toISOString()} ${what}\n`);

  // Durable: what a crash of Postgres may cost is part of the promise.
  let postgres: Server = await startPostgres({ dir: join(dir, 'postgres') });
  const { port: postgresPort, url: databaseUrl } = postgres;
  const db = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  db.on('error', () => {});
  const redis = await ownRedis(join(dir, 'redis'));
  const redisPort = redis ? Number(new URL(redis.url).port) : undefined;

  const wires = new Map<string, FaultProxy>();
  const wired = async (name: string, targets: () => readonly number[], tap?: () => Tap) => {
    const proxy = await startProxy({
      name,
      targets,
      onFault: ({ kind }) => note(`${name}: ${kind}`),
      ...(tap && { tap }),
    });
    wires.set(name, proxy);
    return proxy.port;
  };
  const common = {
    PATH: process.env.PATH ?? '',
    NODE_COMPILE_CACHE: join(tmpdir(), 'reverie-compile-cache'),
    QUEUE_PREFIX: queuePrefix,
    STORAGE_DIR: artifactsDir,
    REPORT_SECRET: reportSecret,
    AUTH: 'off',
    ESPEAK_PATH: '/nowhere/espeak-ng',
    RETRY_BACKOFF_BASE_SECONDS: '0.05',
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  const overPostgres = async (name: string) => ({
    DATABASE_URL: withPort(databaseUrl, await wired(`${name}-postgres`, () => [postgresPort])),
  });
  const overRedis = async (name: string) => ({
    REDIS_URL: withPort(redis?.url ?? databaseUrl, await wired(`${name}-redis`, () => [redisPort ?? postgresPort])),
  });

  const apiPorts: number[] = [];
  const apis = await Promise.all(
    Array.from({ length: apiCount }, async (_, i) => {
      const name = `api${i + 1}`;
      const port = await freePort();
      apiPorts.push(port);
      const env = {
        ...common,
        ...(await overPostgres(name)),
        ...(await overRedis(name)),
        PORT: String(port),
        ...options.apiEnv,
      };
      const script = join(root, 'apps/api/src/main.ts');
      return member({ name, script, env, note, dir: join(dir, name), scratchDir: '' });
    }),
  );
  let turn = 0;
  const anyApi = () => {
    turn++;
    return apiPorts.map((_, i) => apiPorts[(i + turn) % apiPorts.length]!);
  };
  const workers = await Promise.all(
    Array.from({ length: workerCount }, async (_, i) => {
      const name = `worker${i + 1}`;
      const apiWire = await wired(
        `${name}-api`,
        anyApi,
        readsExchanges({ worker: name, hear: (id) => hear(id, name), judge }),
      );
      const scratchDir = join(dir, name, 'scratch');
      const env = {
        ...common,
        ...(await overRedis(name)),
        SCRATCH_DIR: scratchDir,
        API_BASE_URL: `http://127.0.0.1:${apiWire}`,
        ...options.workerEnv,
      };
      return member({
        name,
        script: join(root, 'apps/worker/src/main.ts'),
        env,
        note,
        dir: join(dir, name),
        scratchDir,
      });
    }),
  );
  const url = `http://127.0.0.1:${await wired('caller-api', anyApi)}`;

  const cluster: Cluster = {
    ...{ dir, artifactsDir, databaseUrl, db, redis, queuePrefix, reportSecret, url, apis, workers, wires },
    wire(name) {
      const found = wires.get(name);
      if (!found) throw new Error(`there is no wire ${name}, only ${[...wires.keys()].join(', ')}`);
      return found;
    },
    wiresTo: (end) => [...wires.values()].filter(({ name }) => name.endsWith(`-${end}`)),
    async crashPostgres(downMs = 0) {
      note('postgres: immediate shutdown');
      process.kill(postgres.pid, 'SIGQUIT');
      await postgres.exited;
      await new Promise((resolve) => setTimeout(resolve, downMs));
      postgres = await startPostgres({ dir: join(dir, 'postgres'), port: postgresPort });
      note('postgres: up again');
    },
    async mend() {
      for (const wire of wires.values()) wire.heal();
      await redis?.start();
      await Promise.all([...apis, ...workers].map((each) => each.start()));
      for (const each of [...apis, ...workers]) each.signal('SIGCONT');
    },
    log: () => [readFileSync(logFile, 'utf8'), ...[...apis, ...workers].map(({ name }) => logOf(dir, name))].join('\n'),
    async [Symbol.asyncDispose]() {
      for (const each of [...apis, ...workers]) each.signal('SIGCONT');
      await Promise.all([...apis, ...workers].map((each) => each.end('SIGKILL')));
      await Promise.all([...wires.values()].map((wire) => wire[Symbol.asyncDispose]()));
      await db.end().catch(() => {});
      await Promise.all([postgres.stop(), redis?.kill()]);
      if (!process.env.RELIABILITY_KEEP) await rm(dir, { recursive: true, force: true });
      else console.log(`kept: ${dir}`);
    },
  };

  try {
    note('migrating');
    const migrate = await startChild({
      name: 'migrate',
      dir: join(dir, 'migrate'),
      command: process.execPath,
      args: [join(root, 'apps/api/src/migrate.ts')],
      env: { ...common, DATABASE_URL: databaseUrl, REDIS_URL: redis?.url ?? databaseUrl },
      cwd: root,
    });
    const said = await migrate.exited;
    if (!said.endsWith('code 0')) throw new Error(`migrate ${said}: ${readFileSync(migrate.logFile, 'utf8')}`);
    if (options.start !== false) {
      await Promise.all([...apis, ...workers].map((each) => each.start()));
      await eventually('the API to answer', async () => (await fetch(`${url}/livez`)).ok);
      await eventually('every worker to be counted', async () => {
        const { rows } = await db.query<{ n: number }>('select count(distinct id)::int as n from workers');
        return rows[0]!.n >= workerCount;
      });
    }
    return cluster;
  } catch (error) {
    const log = cluster.log();
    await cluster[Symbol.asyncDispose]();
    throw new Error(`the cluster did not come up: ${(error as Error).message}\n${log}`, { cause: error });
  }
}

const withPort = (url: string, port: number): string => {
  const other = new URL(url);
  other.port = String(port);
  return other.href;
};

function logOf(dir: string, name: string): string {
  try {
    return `--- ${name}\n${readFileSync(join(dir, name, `${name}.log`), 'utf8')}`;
  } catch {
    return `--- ${name} has said nothing`;
  }
}

interface MemberOptions {
  name: string;
  script: string;
  env: Record<string, string>;
  dir: string;
  scratchDir: string;
  note(what: string): void;
}

function member({ name, script, env, dir, scratchDir, note }: MemberOptions): Member {
  let child: Child | undefined;
  let starting: Promise<void> | undefined;
  return {
    name,
    scratchDir,
    get pid() {
      return child?.pid;
    },
    start() {
      if (child) return Promise.resolve();
      starting ??= (async () => {
        const born = await startChild({ name, dir, command: process.execPath, args: [script], env, cwd: dir });
        child = born;
        note(`${name}: started as ${born.pid}`);
        void born.exited.then((how) => {
          note(how);
          if (child === born) child = undefined;
        });
      })().finally(() => {
        starting = undefined;
      });
      return starting;
    },
    signal(signal) {
      if (!child) return;
      note(`${name}: ${signal}`);
      try {
        process.kill(child.pid, signal);
      } catch {
        // it has just ended
      }
    },
    async end(signal = 'SIGKILL') {
      await starting;
      const ending = child;
      if (!ending) return `${name} was not there`;
      this.signal(signal);
      const how = await ending.exited;
      if (child === ending) child = undefined;
      return how;
    },
  };
}

async function ownRedis(dir: string): Promise<OwnRedis | undefined> {
  const binary = findRedis();
  if (!binary) return undefined;
  let server: Server | undefined = await startRedis({ dir, binary, durable: false });
  const { url, port } = server;
  return {
    url,
    async flush() {
      const client = new Redis(url, { maxRetriesPerRequest: 1 });
      client.on('error', () => {});
      await client.flushall().finally(() => client.disconnect());
    },
    async kill() {
      const ending = server;
      server = undefined;
      if (!ending) return;
      process.kill(ending.pid, 'SIGKILL');
      await ending.exited;
    },
    async start() {
      server ??= await startRedis({ dir, binary, port, durable: false });
    },
  };
}
