import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import type { Config } from '../config.ts';
import { mediaOrigins, webConsole } from './console.ts';

const publicUrl = 'http://127.0.0.1:8000';
const fs = { kind: 'fs' } as Config['storage'];
const s3 = { kind: 's3', bucket: 'films', region: 'eu-west-1', prefix: '' } as const;

function served(config: Pick<Config, 'publicUrl' | 'storage'> = { publicUrl, storage: fs }) {
  const app = Fastify();
  webConsole(app, { config });
  return app;
}

const folder = join(import.meta.dirname, '../console');
const files = (await readdir(folder, { recursive: true })).filter((path) => /\.(css|js|svg)$/.test(path));

test('/ leads to the console, below the path the API is reached under', async () => {
  const at = async (url: string) => (await served({ publicUrl: url, storage: fs }).inject('/')).headers.location;
  expect(await at('http://127.0.0.1:8000')).toBe('/console');
  expect(await at('https://example.org/reverie')).toBe('/reverie/console');
});

test('the page is HTML under a policy that runs no script but its own', async () => {
  const answer = await served().inject('/console');
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  const policy = String(answer.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("worker-src 'none'");
  expect(policy).toContain("trusted-types 'none'");
  expect(policy).not.toContain('unsafe');
  expect(policy.match(/[\w-]+-src[^;]*(blob|data):/g)).toEqual([expect.stringMatching(/^media-src /)]);
  expect(answer.body).not.toMatch(/<script(?![^>]* src=)|\son\w+=|\sstyle=|https?:/);
});

test.each(files)('%s is served with its type and its policy, and names no other host', async (path) => {
  const answer = await served().inject(`/console/${path}`);
  expect(answer.statusCode).toBe(200);
  const type = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' };
  expect(answer.headers['content-type']).toBe(type[path.split('.').at(-1) as keyof typeof type]);
  expect(answer.headers['content-security-policy']).toContain("script-src 'self';");
  expect(answer.body.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
    /https?:\/\/|innerHTML|insertAdjacentHTML/,
  );
});

test('every module and style sheet that is imported is there', async () => {
  const app = served();
  for (const path of files) {
    const { body } = await app.inject(`/console/${path}`);
    for (const [, to] of body.matchAll(/(?: from |^import |^@import url\()['"](\.{0,2}[\w./-]+\.(?:js|css))['"]/gm)) {
      const { pathname } = new URL(to!, `http://x/console/${path}`);
      expect([path, to, (await app.inject(pathname)).statusCode]).toEqual([path, to, 200]);
    }
  }
});

test('what the browser has already is not sent again', async () => {
  const app = served();
  const { headers } = await app.inject('/console/app.js');
  expect(headers).toMatchObject({ etag: expect.stringMatching(/^"[\w-]{22}"$/), 'cache-control': 'no-cache' });
  for (const tag of [headers.etag!, `W/${headers.etag}`, `"other", ${headers.etag}`, '*']) {
    const again = await app.inject({ url: '/console/app.js', headers: { 'if-none-match': tag } });
    expect([tag, again.statusCode, again.body]).toEqual([tag, 304, '']);
  }
  const other = await app.inject({ url: '/console/app.js', headers: { 'if-none-match': '"other"' } });
  expect(other.statusCode).toBe(200);
});

test('the player of playlists is served as the package has it, and kept for a week', async () => {
  const app = served();
  const { statusCode, headers, body } = await app.inject('/console/hls.mjs');
  expect([statusCode, headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
  expect(headers).toMatchObject({ 'cache-control': 'public, max-age=604800', etag: expect.any(String) });
  const { default: Hls } = await import(`data:text/javascript,${encodeURIComponent(body)}`);
  expect(Hls.DefaultConfig.subtitleStreamController).toBeTypeOf('function'); // the light one knows no subtitles
  const again = await app.inject({ url: '/console/hls.mjs', headers: { 'if-none-match': headers.etag } });
  expect([again.statusCode, again.body]).toEqual([304, '']);
});

test.each([
  '/console/../app.ts',
  '/console/..%2fapp.ts',
  '/console/%2e%2e/%2e%2e/package.json',
  '/console/views/..%5c..%5c..%5capp.ts',
  '/console//etc/passwd',
  '/console/types.d.ts',
  '/console/tsconfig.json',
  '/console/nothing.js',
])('%s is nothing', async (url) => {
  expect((await served().inject(url)).statusCode).toBe(404);
});

describe('films and pictures may come from', () => {
  test.each([
    ['where the API is', fs, publicUrl],
    ['AWS', { ...s3, forcePathStyle: false }, `${publicUrl} https://films.s3.eu-west-1.amazonaws.com`],
    ['another S3', { ...s3, forcePathStyle: true, endpoint: 'http://minio:9000' }, `${publicUrl} http://minio:9000`],
    [
      'where callers reach it',
      { ...s3, forcePathStyle: true, endpoint: 'http://minio:9000', publicEndpoint: 'https://s3.example.org' },
      `${publicUrl} https://s3.example.org`,
    ],
  ])('%s', async (_where, storage, origins) => {
    const config = { publicUrl, storage: storage as Config['storage'] };
    expect(mediaOrigins(config).join(' ')).toBe(origins);
    const { headers } = await served(config).inject('/console');
    expect(headers['content-security-policy']).toContain(`media-src 'self' ${origins} blob: data:;`);
  });
});
