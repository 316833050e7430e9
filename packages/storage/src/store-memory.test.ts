import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { fakeS3 } from './fake-s3.ts';

const s3 = await fakeS3();
const dir = await mkdtemp(join(tmpdir(), 'reverie-store-'));
afterAll(() => Promise.all([s3.stop(), rm(dir, { recursive: true })]));

// In a process of its own: the S3 server keeps its files in the memory of this one.
test.each([
  ['fs', { kind: 'fs', dir }],
  ['s3', { kind: 's3', ...s3.config() }],
])('100 MB go into and out of %s in less than 64 MB of memory', async (_, store) => {
  const script = fileURLToPath(new URL('./measure-memory.ts', import.meta.url));
  const asked = JSON.stringify({ store, megabytes: 100 });
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, asked]);
  const { same, rssMb } = JSON.parse(stdout);
  expect(same).toBe(true);
  expect(rssMb, stdout).toBeLessThan(64);
});
