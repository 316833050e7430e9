import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, expect, test } from 'vitest';
import { startPostgres } from './postgres.ts';
import { findProcess } from './processes.ts';

// All tests share one folder, so only the first pays for initdb.
const dir = mkdtempSync(join(tmpdir(), 'reverie-postgres-'));
afterAll(() => rmSync(dir, { recursive: true }));

async function ask(url: string, sql: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test('starts, answers, stops and leaves no process', async () => {
  const postgres = await startPostgres({ dir, durable: false });
  expect(await ask(postgres.url, "select current_setting('server_encoding') as encoding")).toEqual([
    { encoding: 'UTF8' },
  ]);

  await postgres.stop();
  expect(await postgres.exited).toBe('postgres ended with code 0');
  expect(findProcess(postgres.pid)).toBeUndefined();
});

test('finds its data again', async () => {
  {
    await using postgres = await startPostgres({ dir, durable: false });
    await ask(postgres.url, "create table dreams as select 'of the sea' as about");
  }
  await using postgres = await startPostgres({ dir, durable: true });
  expect(await ask(postgres.url, 'select about from dreams')).toEqual([{ about: 'of the sea' }]);
});

test('stops at once although clients are connected', async () => {
  const postgres = await startPostgres({ dir, durable: false });
  const client = new Client({ connectionString: postgres.url });
  const lost = new Promise((resolve) => client.on('error', resolve));
  await client.connect();

  const asked = Date.now();
  await postgres.stop();
  expect(Date.now() - asked).toBeLessThan(3000);
  await lost;
});

test('is not misled by a lock file whose pid now belongs to somebody else', async () => {
  const first = await startPostgres({ dir, durable: false });
  const [{ data_directory: data }] = await ask(first.url, 'show data_directory');
  await first.stop();
  writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n`);

  await using postgres = await startPostgres({ dir, durable: false });
  expect(await ask(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('refuses a folder that is in use, and says who uses it', async () => {
  await using _ = await startPostgres({ dir, durable: false });
  await expect(startPostgres({ dir, durable: false })).rejects.toThrow(`already run by process ${process.pid}`);
});
