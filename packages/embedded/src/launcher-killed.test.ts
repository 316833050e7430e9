import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { findOnPath } from './find-on-path.ts';
import { startPostgres } from './postgres.ts';
import { findProcess } from './processes.ts';
import { findRedis, startRedis } from './redis.ts';

const dir = mkdtempSync(join(tmpdir(), 'reverie-killed-'));
chmodSync(dir, 0o755); // as root we run Postgres as nobody, who has to get in
const places = { postgres: join(dir, 'postgres'), redis: join(dir, 'redis') };
afterAll(() => rmSync(dir, { recursive: true }));

const LAUNCHER = `
  const { findRedis, startPostgres, startRedis } = await import(${JSON.stringify(import.meta.resolve('./index.ts'))});
  const places = ${JSON.stringify(places)};
  const binary = findRedis();
  const servers = [await startPostgres({ dir: places.postgres, durable: false })];
  if (binary) servers.push(await startRedis({ dir: places.redis, binary, durable: false }));
  console.log(JSON.stringify(servers.map(({ pid }) => pid)));
`;

/** Another process that starts the servers; gives their pids. */
async function launch() {
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', LAUNCHER], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const failed = once(launcher, 'exit').then(() => Promise.reject(new Error('the launcher did not start')));
  failed.catch(() => {}); // later on it is meant to end
  const [line] = await Promise.race([once(launcher.stdout, 'data'), failed]);
  return { launcher, pids: JSON.parse(line) as number[] };
}

const running = (pids: number[]) => pids.filter((pid) => findProcess(pid));

async function startAgain() {
  await using _ = await startPostgres({ dir: places.postgres, durable: false });
  const binary = findRedis();
  if (binary) await startRedis({ dir: places.redis, binary, durable: false }).then((redis) => redis.stop());
}

test('servers do not outlive a launcher that is killed', async () => {
  const { launcher, pids } = await launch();
  expect(running(pids)).toEqual(pids);
  launcher.kill('SIGKILL');
  await vi.waitFor(() => expect(running(pids)).toEqual([]), { timeout: 5000, interval: 50 });
  await startAgain();
});

test('a launcher started at once after one that was killed gets its servers', async () => {
  const { launcher, pids } = await launch();
  launcher.kill('SIGKILL');
  await once(launcher, 'exit');
  await startAgain();
  expect(running(pids)).toEqual([]);
});

test.skipIf(!findOnPath(['ps'], process.env.PATH))(
  'what outlived even the guardian is stopped by the next start',
  async () => {
    const { launcher, pids } = await launch();
    for (const pid of guardiansOf(launcher.pid!)) process.kill(pid, 'SIGKILL');
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');
    expect(running(pids)).toEqual(pids);

    await startAgain();
    expect(running(pids)).toEqual([]);
  },
);

function guardiansOf(parent: number): number[] {
  const children = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' }).trim().split('\n');
  return children
    .map((line) => line.trim().split(/\s+/))
    .filter(([, ppid, name]) => ppid === String(parent) && name?.endsWith('sh'))
    .map(([pid]) => Number(pid));
}
