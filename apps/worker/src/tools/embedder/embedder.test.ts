import type { Failure } from '@reverie/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { vectorOf } from '../../../../../test/support/openai-embeddings.ts';
import { failing, type OpenAiServer, openAiServer, sending } from '../../../../../test/support/openai-server.ts';
import { seeingRoom } from '../../../../../test/support/seeing-room.ts';
import { openEmbedder } from './embedder.ts';
import { clip, inBatches } from './text-batches.ts';

const signal = new AbortController().signal;
const room = await seeingRoom();

describe('F34 C46: texts become vectors', () => {
  let server: OpenAiServer;
  beforeAll(async () => {
    server = await openAiServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => server.requests.splice(0));

  const heard: number[] = [];
  const embed = (texts: string[], dimensions?: number) => {
    const { apiKey, baseUrl } = server;
    const provider = { apiKey, baseUrl, named: 'EMBED', model: 'text-embedding-3-small', dimensions };
    const run = { signal, progress: (percent: number) => void heard.push(percent) };
    return openEmbedder(provider, room.place).embed(texts, { key: 'vectors.f32' }, run);
  };
  const failure = async (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (why: unknown) => why as Failure,
    );

  test('many texts in batches: every vector stands where its text stood', async () => {
    const texts = Array.from({ length: 700 }, (_, i) => `sentence ${i} about number ${i * 7}`);
    const { vectors, ...told } = await embed(texts, 16);
    const tokens = server.requests.map(({ body }) => Math.ceil(body.input.join('').length / 4));
    expect(told).toEqual({
      model: 'text-embedding-3-small',
      dimensions: 16,
      provider: 'openai/text-embedding-3-small',
      cost: expect.closeTo((tokens.reduce((a, b) => a + b) * 0.02) / 1e6, 10),
    });
    expect(server.requests.map(({ body }) => body.input.length).sort()).toEqual([188, 256, 256]);
    const bytes = await room.read(vectors);
    expect(bytes.length).toBe(700 * 16 * 4);
    const stored = Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
    const wanted = texts.flatMap((text) => vectorOf(text, 16));
    expect(Math.max(...stored.map((number, i) => Math.abs(number - wanted[i]!)))).toBeLessThan(1e-6);
    expect(Math.hypot(...stored.slice(16, 32))).toBeCloseTo(1, 5);
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
    expect(heard.at(-1)).toBe(100);
  });

  test('the model’s own length where none is set', async () => {
    expect(await embed(['one', 'two'])).toMatchObject({ dimensions: 64, vectors: { bytes: 2 * 64 * 4 } });
    expect('dimensions' in server.requests[0]!.body).toBe(false);
  });

  const vectors = (...all: unknown[]) => sending(200, { data: all.map((embedding, index) => ({ index, embedding })) });
  test.each([
    ['too few', vectors([1, 2])],
    ['of different lengths', vectors([1, 2], [1])],
    ['of another length than asked for', vectors([1, 2], [3, 4])],
    ['no numbers', vectors([1, null, 3], ['a', 2, 3])],
    ['no list', sending(200, { embeddings: [] })],
  ])('calls it nonsense: %s', async (_name, answer) => {
    server.next(answer);
    expect(await failure(embed(['a', 'b'], 3))).toMatchObject({ code: 'provider_nonsense' });
  });

  test('a later batch of another length is nonsense, too, and so is not put beside the others', async () => {
    const texts = Array.from({ length: 300 }, (_, i) => `text ${i}`);
    server.next(vectors(...Array.from({ length: 256 }, () => [1, 0])));
    expect(await failure(embed(texts))).toMatchObject({
      code: 'provider_nonsense',
      message: expect.stringMatching('of 2 and of 64'),
    });
  });

  test('a provider at its limit is not a failed attempt', async () => {
    server.next(failing(429, 'slow down', { headers: { 'retry-after': '3' } }));
    expect(await failure(embed(['a']))).toMatchObject({ code: 'provider_limit', retryAfterSeconds: 3 });
  });
});

describe('what one request carries', () => {
  test.each([
    ['few short ones', 10, 10, [10]],
    ['many short ones', 600, 10, [256, 256, 88]],
    ['long ones', 30, 8_000, [12, 12, 6]],
  ])('%s', (_name, count, length, sizes) => {
    const batches = inBatches(Array.from({ length: count }, () => 'x'.repeat(length)));
    expect(batches.map(({ texts }) => texts.length)).toEqual(sizes);
    expect(batches.map(({ index }) => index)).toEqual(
      sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0)),
    );
  });

  test('a text is cut to what models read, between two characters', () => {
    expect(clip('a'.repeat(9_000))).toHaveLength(8_000);
    expect(clip('夢'.repeat(3_000))).toBe('夢'.repeat(2_666));
    expect(clip('夢'.repeat(2_000))).toHaveLength(2_000);
  });
});
