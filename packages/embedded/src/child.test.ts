import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { lastLines, startChild } from './child.ts';
import { findProcess } from './processes.ts';

const dir = mkdtempSync(join(tmpdir(), 'reverie-child-'));
afterAll(() => rmSync(dir, { recursive: true }));

const shell = (name: string, script: string) =>
  startChild({ name, dir, command: '/bin/sh', args: ['-c', script], graceSeconds: 0.5 });

test('says how a child ended and keeps what it wrote', async () => {
  const child = await shell('brief', 'echo one; echo two >&2; exit 3');
  expect(await child.exited).toBe('brief ended with code 3');
  expect(lastLines(child.logFile, 1)).toBe('two');
  await child.stop(); // too late, and no harm
});

test('kills a child that will not stop', async () => {
  const child = await shell('stubborn', "trap '' TERM; echo ready; while :; do sleep 0.1; done");
  await vi.waitFor(() => expect(lastLines(child.logFile)).toBe('ready'));
  await child.stop();
  expect(await child.exited).toBe('stubborn ended with SIGKILL');
  expect(findProcess(child.pid)).toBeUndefined();
});

test('stops what a dead launcher left running under the same name', async () => {
  const left = spawn('sleep', ['60']);
  const gone = once(left, 'exit');
  const claimed = { by: { pid: 1, born: 'before' }, child: { pid: left.pid, born: findProcess(left.pid!)?.born } };
  writeFileSync(join(dir, 'sleeper.json'), JSON.stringify(claimed));

  await using _ = await shell('sleeper', 'sleep 60');
  expect(await gone).toEqual([null, 'SIGTERM']);
});

test('spares a process that merely got the pid of what was left running', async () => {
  const bystander = await shell('bystander', 'sleep 60');
  const claimed = { by: { pid: 1, born: 'before' }, child: { pid: bystander.pid, born: 'before' } };
  writeFileSync(join(dir, 'walker.json'), JSON.stringify(claimed));

  await using _ = await shell('walker', 'sleep 60');
  expect(findProcess(bystander.pid)).toBeDefined();
  await bystander.stop();
});

test('a program that is not there leaves the folder free for the next try', async () => {
  const missing = () => startChild({ name: 'missing', dir, command: join(dir, 'nothing'), args: [] });
  await expect(missing()).rejects.toThrow('ENOENT');
  await expect(missing()).rejects.toThrow('ENOENT');
});
