import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Client, clientOf } from '../support/client.ts';
import { withClient } from '../support/database.ts';
import { finishDream } from '../support/dreams.ts';
import { COMPILED, startProduct } from '../support/product.ts';
import { productOfFile } from '../support/product-of-file.ts';

const { product } = await productOfFile({ env: { AUTH: 'keys' } });
const key: Record<string, string> = {};
const as = (name: string): Client => clientOf(product.url, { authorization: `Bearer ${key[name]}` });

const keys = async (...args: string[]) => {
  const { stdout } = await promisify(execFile)(process.execPath, ['apps/api/src/keys.ts', ...args], {
    env: { PATH: process.env.PATH, DATABASE_URL: product.databaseUrl, NODE_COMPILE_CACHE: COMPILED },
  });
  return stdout.trim();
};

beforeAll(async () => {
  key.anna = await keys('create', '--owner', 'anna');
  key.ben = await keys('create', '--owner', 'ben');
  key.reader = await keys('create', '--owner', 'anna', '--scopes', 'read');
  key.admin = await keys('create', '--owner', 'ops', '--scopes', 'submit,read,admin');
  key.worker = await keys('create', '--owner', 'ops', '--scopes', 'worker');
});

describe('F61: keys and scopes', () => {
  test('no key, half a key and a mistyped key get 401', async () => {
    for (const authorization of [
      '',
      'Bearer x',
      `Bearer ${key.anna!.slice(0, -1)}${key.anna!.endsWith('0') ? '1' : '0'}`,
      `Basic ${Buffer.from(':nope').toString('base64')}`,
    ]) {
      const answer = await clientOf(product.url)('GET', '/dreams', undefined, authorization ? { authorization } : {});
      expect([answer.status, answer.body.code]).toEqual([401, 'unauthorized']);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    }
  });

  test('a scope opens what it names and nothing else', async () => {
    expect((await as('reader')('GET', '/dreams')).status).toBe(200);
    expect((await as('reader')('POST', '/dreams', { transcript: 'a' })).status).toBe(403);
    expect((await as('worker')('GET', '/dreams')).status).toBe(403);
    expect((await as('anna')('GET', '/admin/queues')).status).toBe(403);
    expect((await as('admin')('GET', '/admin/queues')).status).toBe(200);
    // It speaks for the bucket, and so for everybody's segments.
    expect((await as('anna')('POST', '/segments/events', { Records: [] })).status).toBe(403);
    expect((await as('admin')('POST', '/segments/events', { Records: [] })).status).toBe(200);
    const browser = { authorization: `Basic ${Buffer.from(`me:${key.admin}`).toString('base64')}` };
    expect((await clientOf(product.url)('GET', '/admin/queues', undefined, browser)).status).toBe(200);
  });

  test('what anybody may see: life, readiness, health, the documents', async () => {
    for (const path of ['/livez', '/readyz', '/health', '/docs/', '/openapi.json']) {
      expect([path, (await clientOf(product.url)('GET', path)).status]).toEqual([path, 200]);
    }
  });

  test('another owner’s video and what was found in it are not there', async () => {
    const source = { source_url: 'https://example.com/a.mp4' };
    const { body } = await as('anna')<{ video_id: string }>('POST', '/videos', source);
    const paths = ['', '/scenes', '/frames', '/transcript', '/search?q=a'].map((of) => `/videos/${body.video_id}${of}`);
    for (const path of paths) expect([path, (await as('ben')('GET', path)).status]).toEqual([path, 404]);
    expect((await as('ben')('DELETE', paths[0]!)).status).toBe(404);
    expect((await as('ben')('GET', '/videos')).body.videos).toEqual([]);
    expect((await as('reader')('DELETE', paths[0]!)).status).toBe(403);
    expect((await as('reader')('GET', paths[0]!)).status).toBe(200);
  });

  test('another owner’s dream, job and file are not there', async () => {
    const { id, jobId } = await finishDream(as('anna'));
    const foreign: [string, string, unknown?][] = [
      ['GET', `/dreams/${id}`],
      ['PATCH', `/dreams/${id}`, { title: 'mine' }],
      ['DELETE', `/dreams/${id}`],
      ['POST', `/dreams/${id}/finish`],
      ['GET', `/dreams/${id}/video-status`],
      ['GET', `/jobs/${jobId}`],
      ['POST', `/jobs/${jobId}/cancel`],
      ['POST', `/jobs/${jobId}/retry`],
      ['GET', `/artifacts/dreams/${id}/video.mp4`],
    ];
    for (const [method, path, body] of foreign) {
      expect([method, path, (await as('ben')(method, path, body)).status]).toEqual([method, path, 404]);
    }
    expect((await as('ben')<{ jobs: unknown[]; total: number }>('GET', '/jobs')).body).toMatchObject({
      jobs: [],
      total: 0,
    });
    expect((await as('ben')<{ dreams: unknown[] }>('GET', '/dreams')).body.dreams).toEqual([]);
    expect((await as('admin')('GET', `/jobs/${jobId}`)).status).toBe(200);
    expect((await as('ben')('POST', '/dreams', { id, transcript: 'a' })).status).toBe(409);
    const stolen = { pipeline: 'dream', input: { dreamId: id, transcript: 'overwritten' } };
    expect((await as('ben')('POST', '/jobs', stolen)).status).toBe(409);
  });

  test('a revoked key stops working, and the database holds no key', async () => {
    const doomed = await keys('create', '--owner', 'anna');
    const call = clientOf(product.url, { authorization: `Bearer ${doomed}` });
    expect((await call('GET', '/dreams')).status).toBe(200);
    await keys('revoke', doomed.split('_')[2]!);
    await new Promise((resolve) => setTimeout(resolve, 5_100)); // what is remembered of a key
    expect((await call('GET', '/dreams')).status).toBe(401);
    const dump = await withClient(product.databaseUrl, async (client) =>
      JSON.stringify((await client.query('select * from api_keys')).rows),
    );
    for (const secret of Object.values(key)) expect(dump).not.toContain(secret.split('_')[3]!.slice(0, 64));
  });
});

describe('the dashboard is for looking (F57)', () => {
  test('every write is refused, to admins too', async () => {
    for (const [method, path] of [
      ['PUT', '/admin/queues/api/queues/cpu/pause'],
      ['PUT', '/admin/queues/api/queues/cpu/obliterate'],
      ['POST', '/admin/queues/api/queues/cpu/add'],
    ] as const) {
      expect([path, (await as('admin')(method, path, {})).status]).toEqual([path, 405]);
    }
    const { body } = await as('admin')<{ queues: { name: string; readOnlyMode: boolean }[] }>(
      'GET',
      '/admin/queues/api/queues',
    );
    expect(body.queues.map(({ name, readOnlyMode }) => [name, readOnlyMode])).toEqual([
      ['cpu', true],
      ['io', true],
      ['gpu', true],
    ]);
  });
});

describe('the API does not start in a way that leaves it open', () => {
  const start = (env: Record<string, string>) =>
    promisify(execFile)(process.execPath, ['apps/api/src/main.ts'], {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: product.databaseUrl,
        REDIS_URL: product.queue.url,
        REPORT_SECRET: product.reportSecret,
        PORT: '0',
        ...env,
      },
      timeout: 15_000,
    }).then(
      () => 'started',
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    );

  test('auth off on another address than loopback', async () => {
    expect(await start({ HOST: '0.0.0.0', AUTH: 'off' })).toMatch(/AUTH=off is for loopback.*npm run keys/);
  });
  test('another address than loopback, and not one key', async () => {
    const empty = await startProduct();
    try {
      expect(await start({ HOST: '0.0.0.0', DATABASE_URL: empty.databaseUrl })).toMatch(/no API key yet.*npm run keys/);
    } finally {
      await empty[Symbol.asyncDispose]();
    }
  });
  test('all mistakes in the environment are told at once, by name', async () => {
    const said = await start({ DATABASE_URL: 'mysql://x', REPORT_SECRET: 'secret', REVERIE_DTAA: 'x' });
    expect(said).toMatch(/DATABASE_URL/);
    expect(said).toMatch(/REPORT_SECRET: must be whsec_/);
    expect(said).toMatch(/REVERIE_DTAA.*did you mean REVERIE_DATA/);
  });
});
