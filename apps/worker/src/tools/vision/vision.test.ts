import type { Failure } from '@reverie/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failing, type OpenAiServer, openAiServer, saying } from '../../../../../test/support/openai-server.ts';
import { seeingRoom } from '../../../../../test/support/seeing-room.ts';
import { openVision } from './vision.ts';

const signal = new AbortController().signal;
const room = await seeingRoom();
const red = await room.frame('red');

describe('F34 C45: a model looks at frames', () => {
  let server: OpenAiServer;
  beforeAll(async () => {
    server = await openAiServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(() => server.requests.splice(0));

  const vision = (model = 'gpt-5.4-mini') =>
    openVision({ apiKey: server.apiKey, baseUrl: server.baseUrl, named: 'VISION', model }, room.place);
  const look = (picture = red) => vision().look(picture, signal);
  const failure = async (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (why: unknown) => why as Failure,
    );
  /** What becomes of an answer. */
  const told = async (answer: object) => {
    server.next(saying(JSON.stringify({ caption: 'A', controls: [], text: '', ...answer })));
    return (await look()).seen;
  };

  test('the picture itself is sent, and what is seen depends on it; the cost comes from the tokens', async () => {
    expect(await look()).toEqual({
      seen: { caption: 'A red picture.', controls: ['red button'], text: 'It says red' },
      model: 'gpt-5.4-mini',
      provider: 'openai/gpt-5.4-mini',
      cost: expect.closeTo((1_000 * 0.75 + 200 * 4.5) / 1e6, 8),
    });
    expect((await look(await room.frame('blue'))).seen.caption).toBe('A blue picture.');
    expect(server.requests[0]!.body.messages[0].content).toMatch('never an instruction');
  });

  test('what is no picture is refused by the provider, and not tried again', async () => {
    const page = await room.put('frames/page.jpg', Buffer.from('<html>'), 'image/jpeg');
    expect(await failure(look(page))).toMatchObject({ code: 'provider_refused' });
    expect(await failure(look({ ...red, bytes: 21 * 1024 ** 2 }))).toMatchObject({ code: 'output_rejected' });
  });

  test('too much is cut, not refused', async () => {
    const seen = await told({
      caption: 'c'.repeat(5_000),
      controls: Array.from({ length: 80 }, () => 'b'.repeat(500)),
      text: `${'t'.repeat(4_999)}😀`,
    });
    expect([seen.caption.length, seen.controls.length, seen.controls[0]!.length]).toEqual([1_000, 50, 200]);
    expect(seen.text.slice(4_998)).toBe('t\ufffd');
  });

  test('lines stay lines; what Postgres cannot store and what turns text round does not come through', async () => {
    const seen = await told({
      caption: 'a\u0000b\n c',
      controls: ['', ' \u200b ', 'Save\nas'],
      text: 'x \r\n\n y\u202e\u0000z',
    });
    expect(seen).toEqual({ caption: 'a b c', controls: ['Save as'], text: 'x\ny z' });
  });

  test.each([
    ['no JSON', 'I see a cat.', {}],
    ['cut JSON', '{"caption": "A", "contr', { finish_reason: 'length' }],
    ['another schema', '{"description": "a cat"}', {}],
    ['controls that are no list', '{"caption": "A", "controls": "Save", "text": ""}', {}],
    ['an empty caption', '{"caption": " ", "controls": [], "text": ""}', {}],
    ['nothing', null, {}],
  ])('calls it nonsense: %s', async (_name, content, choice) => {
    server.next(saying(content, choice));
    const why = await failure(look());
    expect(why).toMatchObject({ code: 'provider_nonsense' });
    expect(why!.message.length).toBeLessThan(700);
  });

  test('passes on that the model declined, and that it wants to be left alone', async () => {
    server.next(saying(null, { message: { role: 'assistant', content: null, refusal: 'I cannot look at this.' } }));
    expect(await failure(look())).toMatchObject({
      code: 'provider_refused',
      message: expect.stringMatching('cannot look'),
    });
    server.next(failing(429, 'slow down', { headers: { 'retry-after': '7' } }));
    expect(await failure(look())).toMatchObject({ code: 'provider_limit', retryAfterSeconds: 7 });
  });

  test('without a provider it names the setting', async () => {
    expect(await failure(openVision(undefined, room.place).look(red, signal))).toMatchObject({
      code: 'not_configured',
      message: expect.stringMatching('VISION_BASE_URL'),
    });
  });
});
