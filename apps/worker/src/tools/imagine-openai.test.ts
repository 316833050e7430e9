import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { openAi } from '@reverie/models';
import { linkSigner, openStore, type Store } from '@reverie/storage';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { png } from '../../../../test/support/openai-media.ts';
import { type OpenAiServer, openAiServer, sending } from '../../../../test/support/openai-server.ts';
import { openAiImagine } from './imagine-openai.ts';
import { openScratch } from './scratch.ts';
import type { Workplace } from './workplace.ts';

const signal = new AbortController().signal;
let server: OpenAiServer;
let dir: string;
let store: Store;
let place: Workplace;

beforeAll(async () => {
  server = await openAiServer();
  dir = await mkdtemp(join(tmpdir(), 'imagine-'));
  store = openStore({
    kind: 'fs',
    dir: join(dir, 'store'),
    links: linkSigner({ secret: 'x'.repeat(32), baseUrl: 'http://localhost' }),
  });
  place = await (await openScratch({ dir: join(dir, 'scratch'), store, freeBytes: 0 })).open('task', 1);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});
beforeEach(() => server.requests.splice(0));

const draw = (imageModel = 'gpt-image-2', aspect: '16:9' | '9:16' | '1:1' = '16:9') => {
  const { apiKey, baseUrl } = server;
  const ask = openAi({ apiKey, baseUrl, named: 'OPENAI' });
  return openAiImagine(ask, imageModel, place).picture(
    { prompt: 'A lantern on the water', style: 'ink', seed: 1, aspect },
    { key: (extension) => `jobs/picture.${extension}` },
    signal,
  );
};
const answering = (bytes: Buffer) => sending(200, { created: 1, data: [{ b64_json: bytes.toString('base64') }] });

test('draws a scene into the store, and knows what it cost', async () => {
  const { picture, provider, cost } = await draw();
  expect(picture).toMatchObject({ key: 'jobs/picture.png', contentType: 'image/png' });
  expect(await buffer((await store.get(picture.key))!)).toEqual(png(192, 128));
  expect(provider).toBe('openai/gpt-image-2');
  expect(cost).toBeCloseTo((50 * 5 + 1_000 * 30) / 1e6, 8);
  expect(server.requests[0]!.body).toMatchObject({
    size: '1536x1024',
    prompt: expect.stringMatching(/lantern.*ink/s),
  });
});

test.each([
  ['9:16', '1024x1536'],
  ['1:1', '1024x1024'],
] as const)('asks for the shape %s', async (aspect, size) => {
  await draw('gpt-image-2', aspect);
  expect(server.requests[0]!.body.size).toBe(size);
});

test('names a JPEG a JPEG', async () => {
  server.next(answering(Buffer.from('\xff\xd8\xff\xe0 and more', 'latin1')));
  expect((await draw()).picture).toMatchObject({ key: 'jobs/picture.jpg', contentType: 'image/jpeg' });
});

test('follows no link: base64 is asked for where a model has the choice', async () => {
  server.next(sending(200, { data: [{ url: `${server.baseUrl}/secret.png` }] }));
  await expect(draw('sdxl')).rejects.toMatchObject({
    code: 'provider_refused',
    message: expect.stringMatching('b64_json'),
  });
  expect(server.requests.map(({ path }) => path)).toEqual(['/v1/images/generations']);
  expect(server.requests[0]!.body.response_format).toBe('b64_json');
});

test.each([
  ['a web page', answering(Buffer.from('<svg onload="alert(1)">'))],
  ['a playlist', answering(Buffer.from('#EXTM3U\nfile:///etc/passwd'))],
  ['nothing', sending(200, { data: [] })],
  ['no data', sending(200, {})],
])('calls %s nonsense and stores nothing', async (_name, answer) => {
  await store.delete('jobs/picture.png');
  server.next(answer);
  await expect(draw()).rejects.toMatchObject({ code: 'provider_nonsense' });
  expect(await store.head('jobs/picture.png')).toBeUndefined();
});
