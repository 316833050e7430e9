import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Speech } from '@reverie/pipelines';
import { linkSigner, openStore, type Store } from '@reverie/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ffmpegForTests } from '../../../../test/support/ffmpeg.ts';
import { failing, type OpenAiServer, openAiServer, saying } from '../../../../test/support/openai-server.ts';
import { ffprobe } from './ffprobe.ts';
import { listen } from './listen.ts';
import { run } from './run.ts';
import { openScratch } from './scratch.ts';
import { linesWithin } from './speech-openai.ts';
import { timeline } from './timeline.ts';
import { wordTools } from './word-tools.ts';
import type { Workplace } from './workplace.ts';

const { ffmpegPath, ffprobePath } = await ffmpegForTests();
const espeakPath = ['/usr/bin/espeak-ng', '/usr/local/bin/espeak-ng', '/opt/homebrew/bin/espeak-ng'].find(existsSync);
const never = new AbortController().signal;
const TEXTS = [
  'I was walking through a field of silver grass, and the moon was so close that I could hear it breathing.',
  'My grandmother stood at the edge of the water with a lantern.',
  'She told me that the boat would only carry what I was willing to forget.',
];

let server: OpenAiServer;
let dir: string;
let store: Store;
let place: Workplace;
let attempts = 0;

beforeAll(async () => {
  server = await openAiServer();
  dir = await mkdtemp(join(tmpdir(), 'speech-'));
  const links = linkSigner({ secret: 'x'.repeat(32), baseUrl: 'http://localhost' });
  store = openStore({ kind: 'fs', dir: join(dir, 'store'), links });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});
beforeEach(async () => {
  server.requests.splice(0);
  place = await (await openScratch({ dir: join(dir, 'scratch'), store, freeBytes: 0 })).open('task', ++attempts);
});

const soundscape = () => wordTools({ ffmpegPath, place }).speech;
const espeak = () => wordTools({ ffmpegPath, place, espeakPath }).speech;
const openai = (speechModel = 'gpt-4o-mini-tts') => {
  const { apiKey, baseUrl } = server;
  return wordTools({
    ffmpegPath,
    place,
    openai: { apiKey, baseUrl, chatModel: '', imageModel: '', speechModel, voice: 'sage' },
  }).speech;
};

type Narration = Awaited<ReturnType<Speech['narrate']>>;
let narrations = 0;
/** Narrates, holds what every narration promises, and gives the file back for a closer look. */
async function narrate(speech: Speech, texts = TEXTS): Promise<Narration & { file: string }> {
  const told = await speech.narrate(texts, { key: `jobs/narration-${++narrations}.wav` }, never);
  const file = `heard-${narrations}.wav`;
  await place.fetchTo(told.audio, file, never);

  const { streams, format } = await ffprobe(file, { ffprobePath, cwd: place.path, signal: never });
  expect(streams[0]).toMatchObject({ codec_name: 'pcm_s16le', sample_rate: 48_000, channels: 2 });
  expect(Math.abs(format.duration! - told.duration)).toBeLessThan(0.1);

  expect(told.scenes.map(({ text }) => text)).toEqual(texts);
  expect(told.scenes[0]!.start).toBe(0);
  expect(told.scenes.at(-1)!.end).toBe(told.duration);
  expect(told.scenes.slice(1).map(({ start }) => start)).toEqual(told.scenes.slice(0, -1).map(({ end }) => end));
  for (const { start, end, words, text } of told.scenes) {
    expect(end - start).toBeGreaterThanOrEqual(2.499);
    const times = [start, ...words.flatMap((word) => [word.start, word.end]), end];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(
      words
        .map((word) => word.text)
        .join('')
        .replace(/\s/g, ''),
    ).toBe(text.replace(/\s/g, ''));
  }
  return { ...told, file };
}

async function levels(file: string): Promise<{ mean: number; max: number }> {
  const { log } = await run(
    ffmpegPath,
    ['-nostdin', '-hide_banner', '-i', file, '-af', 'volumedetect', '-f', 'null', '-'],
    {
      cwd: place.path,
      signal: never,
    },
  );
  const read = (what: string) => Number(new RegExp(`${what}_volume: (\\S+) dB`).exec(log)?.[1]);
  return { mean: read('mean'), max: read('max') };
}

describe('where there is no voice', () => {
  test('a soundscape plays for as long as it takes to read, neither silent nor clipping', async () => {
    const { file, duration, provider, cost } = await narrate(soundscape());
    expect({ provider, cost }).toEqual({ provider: 'offline', cost: 0 });
    expect(45 / duration).toBeGreaterThan(2);
    expect(45 / duration).toBeLessThan(3.2);
    const { mean, max } = await levels(file);
    expect(mean).toBeGreaterThan(-32);
    expect(mean).toBeLessThan(-14);
    expect(max).toBeLessThan(-0.9);
  });

  test('the same dream sounds the same, another one different', async () => {
    const bytes = async (texts: string[]) => {
      const { audio } = await narrate(soundscape(), texts);
      return buffer((await store.get(audio.key))!);
    };
    const [once, again, other] = [await bytes(['A boat.']), await bytes(['A boat.']), await bytes(['A door.'])];
    expect(once.equals(again)).toBe(true);
    expect(once.equals(other)).toBe(false);
  });

  test('a long dream has chords to its end', async () => {
    const { file, duration } = await narrate(
      soundscape(),
      Array(12).fill('It went on and on, through room after room after room.'),
    );
    expect(duration).toBeGreaterThan(34);
    await run(ffmpegPath, ['-nostdin', '-v', 'error', '-sseof', '-6', '-t', '3', '-i', file, '-y', 'end.wav'], {
      cwd: place.path,
      signal: never,
    });
    expect((await levels('end.wav')).mean).toBeGreaterThan(-32);
  });
});

describe.skipIf(!espeakPath)(`read by espeak-ng${espeakPath ? '' : ' (skipped: it is not installed here)'}`, () => {
  test('is heard when the words say so', async () => {
    const told = await narrate(espeak());
    expect(told).toMatchObject({ provider: 'espeak-ng', cost: 0 });
    const { mean, max } = await levels(told.file);
    expect(mean).toBeGreaterThan(-30);
    expect(max).toBeLessThan(-0.9);

    // The soundscape hides the silences; the track before it was laid under has them.
    await run(
      ffmpegPath,
      ['-nostdin', '-v', 'error', '-f', 's16le', '-ar', '48000', '-ac', '1', '-i', 'voice.pcm', '-y', 'voice.wav'],
      {
        cwd: place.path,
        signal: never,
      },
    );
    const here = { ffmpegPath, cwd: place.path, signal: never };
    const { speech, silences } = await listen({ wav: 'voice.wav', pcm: 'again.pcm' }, here);
    const words = told.scenes.map((scene) => scene.words);
    expect(speech!.start).toBeCloseTo(words[0]![0]!.start, 1);
    expect(speech!.end).toBeCloseTo(words.at(-1)!.at(-1)!.end, 1);
    for (const [i, next] of words.slice(1).entries()) {
      const rest = { start: words[i]!.at(-1)!.end, end: next[0]!.start };
      expect(silences.some((silence) => near(silence.start, rest.start) && near(silence.end, rest.end))).toBe(true);
    }
    // The comma after "grass" is heard where the words have it.
    const [grass, and] = words[0]!.slice(8);
    expect(grass!.text).toBe('grass,');
    expect(silences.some((silence) => near(silence.start, grass!.end) && near(silence.end, and!.start))).toBe(true);
  });

  test.each([
    ['options and paths', ['-w /tmp/x --stdout', '/etc/passwd', '--help']],
    ['phonemes and markup', ['[[h@l@U]] <voice name="x"/> & so on', '$(touch x) `id`']],
    ['other scripts', ['我梦见自己在海上行走。', '夜の海。', 'ночью я шёл', 'مشيت على الماء', 'חלמתי']],
    ['what cannot be said', ['🌊🌙', '…', '\u200b']],
    ['one very short word', ['I', 'x']],
  ])('speaks or shows %s', async (_name, texts) => {
    await narrate(espeak(), texts);
  });

  test('stops at once when it is told to', async () => {
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const telling = espeak().narrate(Array(60).fill(TEXTS.join(' ')), { key: 'jobs/never.wav' }, cancel.signal);
    setTimeout(() => cancel.abort(reason), 400);
    const started = Date.now();
    await expect(telling).rejects.toBe(reason);
    expect(Date.now() - started).toBeLessThan(1_500);
    expect(await store.head('jobs/never.wav')).toBeUndefined();
  });
});

const near = (a: number, b: number) => Math.abs(a - b) < 0.06;

describe('read by a provider', () => {
  test('is heard as it was sent, costs what it costs, and knows how to be asked', async () => {
    const told = await narrate(openai());
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
    const told = await narrate(openai('tts-1'), [text]);
    expect(server.requests.length).toBe(3);
    for (const { body } of server.requests) {
      expect(body.input).toMatch(/\.$/);
      expect(body).not.toHaveProperty('instructions');
    }
    expect(told.cost).toBeCloseTo((text.length * 15) / 1e6, 3);
  });

  test('one failure ends the narration with that failure', async () => {
    server.next(failing(429, 'slow down', { headers: { 'retry-after': '3' } }));
    const telling = openai().narrate(TEXTS, { key: 'jobs/never.wav' }, never);
    await expect(telling).rejects.toMatchObject({ code: 'provider_limit', retryAfterSeconds: 3 });
  });

  test('what is no WAV is never given to ffmpeg', async () => {
    await writeFile(join(place.path, 'secret.wav'), 'secret');
    server.next(saying('hello'));
    await expect(openai().narrate(['Hello.'], { key: 'jobs/never.wav' }, never)).rejects.toMatchObject({
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

test('a scene of one short word still lasts long enough to be seen', () => {
  const line = (scene: number) => ({ scene, seconds: 0.3, words: [{ text: 'I', start: 0, end: 0.3 }] });
  const { scenes, duration, starts } = timeline(['I', 'I'], [line(0), line(1)]);
  expect(scenes.map(({ start, end }) => [start, end])).toEqual([
    [0, 2.5],
    [2.5, 5],
  ]);
  expect({ duration, starts }).toEqual({ duration: 5, starts: [0.5, 2.675] });
});
