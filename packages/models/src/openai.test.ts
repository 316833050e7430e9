import { Failure } from '@reverie/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  breakingOff,
  dawdling,
  failing,
  type OpenAiServer,
  openAiServer,
  sending,
} from '../../../test/support/openai-server.ts';
import { type Ask, openAi } from './openai.ts';

let server: OpenAiServer;
let ask: Ask;
const about = { model: 'gpt-5.4-mini', seconds: 20 };
const never = new AbortController().signal;

beforeAll(async () => {
  server = await openAiServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
  ask = openAi(settings(server.baseUrl));
});

const settings = (baseUrl: string, apiKey = server.apiKey) => ({
  named: 'OPENAI',
  apiKey,
  baseUrl,
});

const hello = (ask: Ask, { model, seconds } = about, signal = never) =>
  ask({ model, seconds }, signal, (client, signal) =>
    client.chat.completions.create({ model, messages: [{ role: 'user', content: 'hello' }] }, { signal }),
  );
const failure = async (promise: Promise<unknown>): Promise<Failure> => {
  const why = await promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );
  expect(why).toBeInstanceOf(Failure);
  return why as Failure;
};

describe('what the provider answers becomes one of our failures', () => {
  test.each([
    [400, 'provider_refused', /the request to "gpt-5.4-mini"/],
    [401, 'provider_refused', /OPENAI_API_KEY/],
    [403, 'provider_refused', /OPENAI_API_KEY/],
    [404, 'provider_refused', /OPENAI_BASE_URL and the model name "gpt-5.4-mini"/],
    [408, 'provider_unavailable', /408/],
    [409, 'provider_unavailable', /409/],
    [422, 'provider_refused', /not to its liking/],
    [425, 'provider_unavailable', /425/],
    [429, 'provider_limit', /429/],
    [500, 'provider_unavailable', /500/],
    [503, 'provider_unavailable', /503/],
  ])('%i is %s', async (status, code, message) => {
    server.next(failing(status, 'because'));
    expect(await failure(hello(ask))).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('a redirect is not followed, and named as what it is', async () => {
    server.next(sending(307, {}, { location: 'http://127.0.0.1:1/v1' }));
    expect(await failure(hello(ask))).toMatchObject({
      code: 'provider_refused',
      message: expect.stringMatching('OPENAI_BASE_URL'),
    });
  });

  test('an empty account is no matter of waiting', async () => {
    server.next(failing(429, 'You exceeded your current quota', { code: 'insufficient_quota' }));
    expect(await failure(hello(ask))).toMatchObject({
      code: 'provider_refused',
      message: expect.stringMatching('no credit'),
    });
  });

  test.each([
    ['7', 7],
    ['0.4', 1],
    ['86400', 3_600],
    [new Date(Date.now() + 30_000).toUTCString(), expect.closeTo(30, -1)],
    ['soon', undefined],
  ])('Retry-After %s is kept', async (given, seconds) => {
    server.next(failing(429, 'slow down', { headers: { 'retry-after': given } }));
    expect((await failure(hello(ask))).retryAfterSeconds).toEqual(seconds);
  });

  test('an answer cut off half way, or no server at all: unavailable', async () => {
    server.next(breakingOff);
    expect((await failure(hello(ask))).code).toBe('provider_unavailable');
    const gone = await failure(hello(openAi(settings('http://127.0.0.1:1/v1'))));
    expect(gone).toMatchObject({
      code: 'provider_unavailable',
      message: expect.stringMatching('127.0.0.1:1 cannot be reached'),
    });
  });

  test('JSON that is none: nonsense', async () => {
    server.next((_asked, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices": [');
    });
    expect((await failure(hello(ask))).code).toBe('provider_nonsense');
  });

  test('an answer without end: nonsense, before the memory is full', async () => {
    server.next((_asked, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const megabyte = Buffer.alloc(1024 * 1024, 'x');
      const more = () => {
        while (!response.destroyed && response.write(megabyte));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect(await failure(hello(ask))).toMatchObject({
      code: 'provider_nonsense',
      message: expect.stringMatching('more than'),
    });
  });
});

test('it asks once: the queue decides about another time', async () => {
  const before = server.requests.length;
  server.next(failing(500, 'no'));
  await failure(hello(ask));
  expect(server.requests.length).toBe(before + 1);
});

test('no failure repeats the key, not even when the provider does', async () => {
  const why = await failure(hello(openAi(settings(server.baseUrl, 'sk-secret-canary'))));
  expect(why.message).toMatch('Incorrect API key provided: [OPENAI_API_KEY]');
  expect(JSON.stringify([why, why.stack, why.cause])).not.toMatch('canary');
});

test('time is up also when the headers came at once and the rest never does', async () => {
  server.next(dawdling);
  const why = await failure(hello(ask, { ...about, seconds: 0.3 }));
  expect(why).toMatchObject({ code: 'provider_unavailable', message: expect.stringMatching('within 0.3 s') });
});

test('an abort comes out as its own reason, at once', async () => {
  server.next(dawdling);
  const cancel = new AbortController();
  const reason = new Error('cancelled by the caller');
  setTimeout(() => cancel.abort(reason), 100);
  const started = Date.now();
  await expect(hello(ask, about, cancel.signal)).rejects.toBe(reason);
  expect(Date.now() - started).toBeLessThan(1_000);
});
