import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { startChild } from './child.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { postgresRoom, ROOTS_ROOM } from './postgres-room.ts';
import { endProcess, findProcess } from './processes.ts';
import { type Server, startServer } from './server.ts';
import { unprivileged as user } from './unprivileged.ts';

const run = promisify(execFile);

export interface PostgresOptions {
  /** A folder of its own; data found there is used again. */
  dir: string;
  port?: number;
  /** False for tests: faster, and a power cut may cost the data. */
  durable?: boolean;
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '32MB',
  max_wal_size: '256MB',
  // Parallel queries need /dev/shm, which containers keep small.
  max_parallel_workers_per_gather: 0,
  timezone: 'UTC',
  log_timezone: 'UTC',
};

const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** A Postgres of our own, from npm, on loopback. */
export async function startPostgres({ dir, port, durable = true }: PostgresOptions): Promise<Server> {
  try {
    const room = postgresRoom(resolve(dir), { user, durable });
    const data = join(room, 'data');
    const bin = join(postgresBinaries({ user, cache: user ? ROOTS_ROOM : room }), 'bin');
    const settings = Object.entries({ ...SETTINGS, ...(durable ? {} : NOT_DURABLE) });

    const url = (port: number) => `postgres://postgres@127.0.0.1:${port}/postgres`;
    return await startServer({
      port,
      url,
      ask: (port) => askPostgres(url(port), data),
      start: (port) =>
        startChild({
          name: 'postgres',
          dir,
          async prepare() {
            await initialise(data, { bin, durable });
            await clearLock(data);
          },
          command: join(bin, 'postgres'),
          args: ['-D', data, '-p', String(port), ...settings.map(([name, value]) => `--${name}=${value}`)],
          user,
          cwd: room,
          stopSignal: 'SIGINT', // fast shutdown: SIGTERM would wait for every client to leave
          graceSeconds: 15,
        }),
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new Error(`no Postgres of our own: ${why}\nSet DATABASE_URL to use another one`, { cause });
  }
}

async function initialise(data: string, { bin, durable }: { bin: string; durable: boolean }) {
  if (existsSync(join(data, 'PG_VERSION'))) return;
  const partial = `${data}.partial`; // initdb that is killed halfway leaves what the next start would trust
  rmSync(partial, { recursive: true, force: true });
  const args = ['-D', partial, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions'];
  await run(join(bin, 'initdb'), durable ? args : [...args, '--no-sync'], { ...user, cwd: '/' }).catch((error) => {
    throw new Error(explain(error.stderr || error.message), { cause: error });
  });
  renameSync(partial, data);
}

function explain(said: string): string {
  const unknownUid = /effective user ID (\d+)/.exec(said);
  return unknownUid ? `uid ${unknownUid[1]} has no entry in /etc/passwd, and Postgres cannot run without` : said;
}

/**
 * Postgres will not start while a process has the pid in its lock file, whoever that is. Ours that no claim knows of is
 * stopped; anybody else's is none of our business. With no such process Postgres itself knows best.
 */
async function clearLock(data: string) {
  const lock = join(data, 'postmaster.pid');
  if (!existsSync(lock)) return;
  const pid = Number.parseInt(readFileSync(lock, 'utf8'), 10);
  const holder = findProcess(pid);
  if (holder?.command.includes(`-D ${data} `)) await endProcess(pid, { signal: 'SIGINT', graceSeconds: 15 });
  else if (holder) rmSync(lock, { force: true });
}

async function askPostgres(url: string, data: string) {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => {}); // Postgres may leave in the middle of our question
  try {
    await client.connect();
    const { rows } = await client.query('show data_directory');
    if (rows[0].data_directory !== data) throw new Error(`another Postgres answers at ${url}`);
  } finally {
    await client.end().catch(() => {});
  }
}
