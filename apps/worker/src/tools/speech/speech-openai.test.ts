import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { failing, type OpenAiServer, openAiServer, saying } from '../../../../../test/support/openai-server.ts';
import { speechBooth, TEXTS } from '../../../../../test/support/speech-booth.ts';
import { linesWithin } from './speech-openai.ts';

const booth = await speechBooth();
let server: OpenAiServer;
beforeAll(async () => {
  server = await openAiServer();
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => server.requests.splice(0));

const openai = (speechModel = 'gpt-4o-mini-tts') => {
  const { apiKey, baseUrl } = server;
  return booth.speech({ openai: { apiKey, baseUrl, chatModel: '', imageModel: '', speechModel, voice: 'sage' } });
};

describe('read by a provider', () => {
  test('is heard as it was sent, costs what it costs, and knows how to be asked', async () => {
    const told = await booth.narrate(openai());
    const minutes = TEXTS.reduce((sum, text) => sum + text.length / 60, 0) / 60;
    expect(told.provider).toBe('openai/gpt-4o-mini-tts');
    expect(told.cost).toBeCloseTo(minutes * 0.015, 3);
    expect(server.requests.map(({ body }) => body)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ model: 'gpt-4o-mini-tts', voice: 'sage', response_format: 'wav', input: TEXTS[0] }),
      ]),
    );
    // Each text lasts a sixtieth of a second a character there, after 0.2 s of silence that is cut away.
    for (const { words, text } of told.scenes) {
      expect(words.at(-1)!.end - words[0]!.start).toBeCloseTo(text.length / 60, 1);
    }
  });

  test('is asked in parts for a text that is too long to say at once', async () => {
    const text = 'And then there was another room, and in it was another door. '.repeat(150).trim();
    const told = await booth.narrate(openai('tts-1'), [text]);
    expect(server.requests.length).toBe(3);
    for (const { body } of server.requests) {
      expect(body.input).toMatch(/\.$/);
      expect(body).not.toHaveProperty('instructions');
    }
    expect(told.cost).toBeCloseTo((text.length * 15) / 1e6, 3);
  });

  test('one failure ends the narration with that failure', async () => {
    server.next(failing(429, 'slow down', { headers: { 'retry-after': '3' } }));
    const telling = openai().narrate(TEXTS, { key: 'jobs/never.wav' }, booth.signal);
    await expect(telling).rejects.toMatchObject({ code: 'provider_limit', retryAfterSeconds: 3 });
  });

  test('what is no WAV is never given to ffmpeg', async () => {
    await writeFile(join(booth.path(), 'secret.wav'), 'secret');
    server.next(saying('hello'));
    await expect(openai().narrate(['Hello.'], { key: 'jobs/never.wav' }, booth.signal)).rejects.toMatchObject({
      code: 'provider_nonsense',
      message: expect.stringMatching('no WAV'),
    });
  });
});

test('a text is cut into as few lines as a provider can take, and nothing is lost', () => {
  const text = `${'One two three, four five six seven. '.repeat(40)}${'x'.repeat(500)}`;
  const lines = linesWithin(200)(text);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(200);
  expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  expect(linesWithin(200)('short')).toEqual(['short']);
});
