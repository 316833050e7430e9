import { Readable } from 'node:stream';
import { readEnvironment } from '@reverie/contracts';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { storageEnvironment, storeConfigOf } from './config.ts';
import { fakeS3 } from './fake-s3.ts';
import { linkSigner } from './links.ts';
import { openStore } from './open.ts';
import { s3Store } from './s3-store.ts';

const s3 = await fakeS3();
afterAll(() => s3.stop());

const config = s3.config();
const outside = config.endpoint!.replace('127.0.0.1', 'localhost'); // another name of the same server

test('links lead to where callers reach the server; the store itself uses the inner address', async () => {
  const store = s3Store({ ...config, publicEndpoint: outside });
  await store.put('video.mp4', Readable.from(['bytes']), { contentType: 'video/mp4' });

  const get = await store.linkTo('video.mp4', { method: 'GET', seconds: 60 });
  const put = await store.linkTo('in/upload.mp4', { method: 'PUT', seconds: 60 });
  expect([new URL(get).origin, new URL(put).origin]).toEqual([outside, outside]);
  expect(new URL(get).searchParams.get('X-Amz-SignedHeaders')).toContain('host');
  expect(await (await fetch(get)).text()).toBe('bytes');
  expect((await fetch(put, { method: 'PUT', body: 'up' })).status).toBe(200);
});

test('without it links lead to the endpoint, and an outer address that is down harms nothing but links', async () => {
  const link = await s3Store(config).linkTo('a.mp4', { method: 'GET', seconds: 60 });
  expect(new URL(link).origin).toBe(config.endpoint);
  await s3Store({ ...config, publicEndpoint: 'http://127.0.0.1:9' }).check();
});

test('S3_PUBLIC_ENDPOINT is read from the environment', async () => {
  const env = readEnvironment(z.object(storageEnvironment), {
    S3_BUCKET: config.bucket,
    S3_ENDPOINT: config.endpoint,
    S3_PUBLIC_ENDPOINT: 'https://files.example.org',
    S3_ACCESS_KEY_ID: 'test',
    S3_SECRET_ACCESS_KEY: 'test',
  });
  const store = openStore(storeConfigOf(env, linkSigner({ secret: 's', baseUrl: 'http://localhost' })));
  const link = new URL(await store.linkTo('a.mp4', { method: 'GET', seconds: 60 }));
  expect([link.origin, link.pathname]).toEqual(['https://files.example.org', `/${config.bucket}/a.mp4`]);
});
