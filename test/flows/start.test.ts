import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@reverie/embedded';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { probe } from '../support/probe.ts';

/** What a bare machine has besides Node. Debian keeps a redis-server right beside it, so the PATH is our own. */
const BARE = ['sh', 'sleep', 'cat', 'ps', 'setpriv'];

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'reverie-start-'));
  await mkdir(join(dir, 'bin'));
  await symlink(process.execPath, join(dir, 'bin/node'));
  for (const name of BARE) {
    const path = execFileSync('sh', ['-c', `command -v ${name} || true`], { encoding: 'utf8' }).trim();
    if (path) await symlink(path, join(dir, 'bin', name));
  }
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('F64: npm start on a bare machine makes the sample video on BullMQ’s Postgres backend, a pod its subtitles, and leaves nothing running', async () => {
  const data = join(dir, 'data');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['scripts/launch.mjs', 'scripts/start.ts', '--once', '--with-pod'],
    {
      env: {
        ...{ PATH: join(dir, 'bin'), HOME: dir, REVERIE_DATA: data },
        ...{ PORT: String(await freePort()), POD_PORT: String(await freePort()) },
      },
    },
  );
  expect(stdout).toMatch(/database +a private Postgres/);
  expect(stdout).toMatch(/queue +BullMQ on the same Postgres.*no redis-server/);
  expect(stdout).toMatch(/ffmpeg +from npm/);
  expect(stdout.match(/100 % +completed/g)).toHaveLength(2);
  expect(stdout).toContain('Nothing was transcribed');
  for (const name of ['video', 'pod', 'subtitles', 'HLS', 'API docs', 'dashboard', 'console'])
    expect(stdout).toMatch(new RegExp(`${name} +http://127.0.0.1`));

  const id = /dreams\/([0-9a-f-]{36})\/video\.mp4/.exec(stdout)![1]!;
  const { streams } = await probe(join(data, 'artifacts/dreams', id, 'video.mp4'));
  expect(streams.map(({ codec_name }) => codec_name).sort()).toEqual(['aac', 'h264']);

  const [, job] = /folders\/([\w-]+)\/\S+\/master\.m3u8/.exec(stdout)!;
  const folder = join(data, 'artifacts', Buffer.from(job!, 'base64url').toString());
  expect(await readFile(join(folder, 'master.m3u8'), 'utf8')).toMatch(/TYPE=SUBTITLES[\s\S]*video\.m3u8/);
  expect(await readFile(join(folder, 'subtitles.vtt'), 'utf8')).toMatch(/-->/);

  const left = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(data));
  expect(left).toEqual([]);
}, 120_000);
