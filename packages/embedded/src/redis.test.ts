import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findProcess } from './processes.ts';
import { findRedis, startRedis } from './redis.ts';

const dir = mkdtempSync(join(tmpdir(), 'reverie-redis-'));
afterAll(() => rmSync(dir, { recursive: true }));

async function ask(port: number, command: string): Promise<string> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  socket.write(`${command}\r\nQUIT\r\n`);
  return Buffer.concat(await socket.toArray()).toString();
}

test('takes valkey where there is no redis, and nothing where there is neither', () => {
  expect(findRedis('/nowhere::')).toBeUndefined();
  writeFileSync(join(dir, 'redis-server'), 'not a program');
  writeFileSync(join(dir, 'valkey-server'), '');
  chmodSync(join(dir, 'valkey-server'), 0o755);
  expect(findRedis(`/nowhere:${dir}`)).toBe(join(dir, 'valkey-server'));
});

const binary = findRedis();

describe.skipIf(!binary)('with a redis-server on the PATH', () => {
  const start = (durable: boolean) => startRedis({ dir: join(dir, String(durable)), binary: binary!, durable });

  test('starts, never evicts, stops and leaves no process', async () => {
    const redis = await start(false);
    expect(await ask(redis.port, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
    await redis.stop();
    expect(findProcess(redis.pid)).toBeUndefined();
  });

  test.each([
    ['keeps', true, '$10\r\nof the sea'],
    ['forgets', false, '$-1'],
  ])('%s its data when durable is %s', async (_, durable, answer) => {
    {
      await using redis = await start(durable);
      await ask(redis.port, 'SET dream "of the sea"');
    }
    await using redis = await start(durable);
    expect(await ask(redis.port, 'GET dream')).toContain(answer);
  });

  test('never takes another server for its own, and says why it gives up', async () => {
    await using other = await start(false);
    const late = startRedis({ dir: join(dir, 'late'), binary: binary!, port: other.port });
    await expect(late).rejects.toThrow(/Address already in use/i);
  });
});
