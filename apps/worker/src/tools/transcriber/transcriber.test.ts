import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact, Span } from '@reverie/contracts';
import type { Providers, Services } from '@reverie/models';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Answer,
  breakingOff,
  failing,
  type OpenAiServer,
  openAiServer,
  saying,
  sending,
} from '../../../../../test/support/openai-server.ts';
import { remoteService } from '../../../../../test/support/remote-service.ts';
import { soundBooth } from '../../../../../test/support/sound-booth.ts';
import { soundTools } from '../sound-tools.ts';

const booth = await soundBooth();
let server: OpenAiServer;
let recording: Artifact;
beforeAll(async () => {
  server = await openAiServer();
  // Silence up to 5 s, then a tone for every second: 300 Hz in the sixth, 400 Hz in the seventh…
  const tones = "aevalsrc='gte(t,5)*0.4*sin(2*PI*100*(floor(t)-2)*t)':s=44100:d=12";
  recording = await booth.media('recording.flac', '-f', 'lavfi', '-i', tones, '-ac', '2');
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => server.requests.splice(0));

const NO_SERVICES: Services = {
  ...{ downloader: undefined, normaliser: undefined, transcriber: undefined },
  ...{ pollSeconds: 0.05, pollAttempts: 600, retries: 1, backoffSeconds: 0.01 },
};

const provider = (model: string, named: string) => ({ apiKey: server.apiKey, baseUrl: server.baseUrl, named, model });

interface Setting extends Partial<Providers> {
  model?: string;
  services?: Partial<Services>;
}
const tools = ({ model = 'whisper-1', services, ...providers }: Setting = {}) =>
  soundTools({
    ...booth.here,
    services: { ...NO_SERVICES, ...services },
    providers: {
      transcribe: provider(model, 'TRANSCRIBE'),
      translate: provider('gpt-5.4-mini', 'OPENAI'),
      vision: undefined,
      embed: undefined,
      ...providers,
    },
  });

const PIECE = { start: 5, end: 12 };
const hear = (wish: { language?: string; languageOut?: string } = {}, setting: Setting = {}, piece: Span = PIECE) =>
  tools(setting).transcriber.hear(recording, piece, { language: 'auto', ...wish }, booth.running());
const verbose = (segments: unknown, language = 'portuguese') => sending(200, { text: '', language, segments });

describe('F33: a piece of a recording', () => {
  test('goes as 16 kHz mono FLAC, with nothing said of a language that is not known', async () => {
    const heard = await hear();
    const { path, body } = server.requests[0]!;
    expect(path).toBe('/v1/audio/transcriptions');
    const { file, ...fields } = body;
    const expected = { model: 'whisper-1', response_format: 'verbose_json', 'timestamp_granularities[]': 'segment' };
    expect(fields).toEqual(expected);
    expect(file.name).toBe('piece.flac');
    expect(file.bytes.readUIntBE(18, 3) >> 4).toBe(16_000);
    expect((file.bytes[20] >> 1) & 7).toBe(0); // channels, less one
    expect(heard).toMatchObject({ language: 'portuguese', provider: 'openai/whisper-1' });
    expect(heard.segments).toEqual([
      { start: 0, end: 4, text: 'The quick brown fox jumps over the lazy dog.' },
      { start: 4, end: 7, text: 'She told me to be quiet.' },
    ]);
    expect(heard.cost).toBeCloseTo((7 / 60) * 0.006, 8);
  });

  test.each([5, 7.25, 10])('is cut where it is to be cut (%d s)', async (start) => {
    await hear({}, {}, { start, end: start + 0.5 });
    const sent = join(booth.root, 'sent.flac');
    await writeFile(sent, server.requests[0]!.body.file.bytes);
    const pitch = 100 * (Math.floor(start) - 2);
    const band = `bandpass=f=${pitch}:width_type=h:w=40`;
    const whole = await booth.level(sent, { start: 0.2, end: 0.5 });
    expect(await booth.level(sent, { start: 0.2, end: 0.5 }, band)).toBeGreaterThan(whole - 2);
  });

  test('in a language that is known is said to be in it, without its region', async () => {
    await hear({ language: 'pt-BR' });
    expect(server.requests[0]!.body.language).toBe('pt');
  });

  test('in which there is silence alone is not asked for', async () => {
    const heard = await hear({}, {}, { start: 0, end: 4.9 });
    expect(heard).toEqual({ language: 'unknown', segments: [], provider: 'openai/whisper-1', cost: 0 });
    expect(server.requests).toEqual([]);
  });

  test('without times, from a model that knows none, is spread over the speech in it', async () => {
    const heard = await hear({ language: 'en' }, { model: 'gpt-4o-transcribe' }, { start: 3, end: 12 });
    expect(server.requests[0]!.body.response_format).toBe('json');
    expect(heard.segments.map(({ text }) => text).join(' ')).toMatch(/^The quick .* so I left\.$/);
    expect(heard.segments[0]!.start).toBeCloseTo(2, 1);
    expect(heard.segments.at(-1)!.end).toBeCloseTo(9, 1);
    expect(heard.language).toBe('en');
  });

  test('nobody can transcribe: says what to set', async () => {
    await expect(hear({}, { transcribe: undefined })).rejects.toMatchObject({
      code: 'not_configured',
      message: expect.stringMatching('TRANSCRIBE_BASE_URL'),
    });
  });
});

describe('F33: translated', () => {
  test('into English by the server itself', async () => {
    const heard = await hear({ languageOut: 'en' });
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/audio/translations']);
    expect(server.requests[0]!.body.language).toBeUndefined();
    expect(heard.segments).toHaveLength(2);
  });

  test('into any other language by the chat model, segment by segment, in batches', async () => {
    const many = Array.from({ length: 90 }, (_, i) => ({ start: i * 0.07, end: (i + 1) * 0.07, text: `line ${i}` }));
    server.next(verbose(many));
    const heard = await hear({ languageOut: 'de' });
    expect(server.requests.filter(({ path }) => path === '/v1/chat/completions')).toHaveLength(3);
    expect(heard.segments.map(({ text }) => text)).toEqual(many.map(({ text }) => `${text} (de)`));
    expect(heard.segments.map(({ start }) => start)).toEqual(many.map(({ start }) => start));
    expect(heard.language).toBe('portuguese');
    expect(heard.provider).toBe('openai/whisper-1, openai/gpt-5.4-mini');
    expect(heard.cost).toBeCloseTo((7 / 60) * 0.006 + 3 * ((1_000 * 0.75 + 200 * 4.5) / 1e6), 8);
  });

  test.each([
    ['it was to be in that language', { language: 'pt', languageOut: 'pt-BR' }],
    ['it was heard to be in that language', { languageOut: 'pt' }],
    ['English was to be English', { language: 'en-GB', languageOut: 'en' }],
  ])('not at all where %s', async (_why, wish) => {
    await hear(wish);
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/audio/transcriptions']);
  });

  test('by a model that cannot, into English too by the chat model', async () => {
    const heard = await hear({ languageOut: 'en' }, { model: 'gpt-4o-transcribe' });
    expect(server.requests[0]!.path).toBe('/v1/audio/transcriptions');
    expect(heard.segments[0]!.text).toMatch(/\(en\)$/);
  });

  test.each([
    ['a line too few', { lines: [{ number: 1, text: 'a' }] }],
    ['a line twice', { lines: [1, 1].map((number) => ({ number, text: 'a' })) }],
    ['no lines', { translation: 'a' }],
  ])('with %s: nonsense', async (_name, answer) => {
    const segments = [0, 1].map((start) => ({ start, end: start + 1, text: 'said' }));
    server.next(verbose(segments), saying(JSON.stringify(answer)));
    await expect(hear({ languageOut: 'de' })).rejects.toMatchObject({ code: 'provider_nonsense' });
  });

  test('an empty line stays as it was said; nobody to translate says what to set', async () => {
    const segments = [{ start: 0, end: 1, text: 'Hmm.' }];
    server.next(verbose(segments), saying('{"lines":[{"number":1,"text":" "}]}'));
    expect((await hear({ languageOut: 'de' })).segments[0]!.text).toBe('Hmm.');
    await expect(hear({ languageOut: 'de' }, { translate: undefined })).rejects.toMatchObject({
      code: 'not_configured',
    });
  });
});

const endingEarly: Answer = (_asked, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"text": "a", "segm');
};

describe('F16: what goes wrong', () => {
  test.each([
    ['times that make no sense', verbose([{ start: 3, end: 1, text: 'a' }]), 'provider_nonsense'],
    ['JSON that ends early', endingEarly, 'provider_nonsense'],
    ['a line that goes dead', breakingOff, 'provider_unavailable'],
    ['a server that is ill', failing(500, 'oops'), 'provider_unavailable'],
    ['a file it does not like', failing(400, 'no'), 'provider_refused'],
  ] as const)('%s', async (_name, answer, code) => {
    server.next(answer);
    await expect(hear()).rejects.toMatchObject({ code });
  });

  test('429: the queue is told how long to stay away', async () => {
    server.next(failing(429, 'slow down', { headers: { 'retry-after': '17' } }));
    await expect(hear()).rejects.toMatchObject({ code: 'provider_limit', retryAfterSeconds: 17 });
  });
});

describe('E37, E71: by services of document 004', () => {
  test('a transcriber: the piece goes there, its segments come back in order', async () => {
    await using remote = await remoteService('trans_1');
    remote.results = {
      transcription: {
        text: 'Olá. Adeus.',
        segments: [
          { text: 'Adeus.', start: 3, end: 5, duration: 2 },
          { text: 'Olá.', start: 0, end: 3.5, duration: 3.5 },
        ],
      },
    };
    const services = { transcriber: remote.service() };
    const heard = await hear({ language: 'pt', languageOut: 'en' }, { services });
    expect(remote.errands[0]!.fields).toEqual({ language_in: 'pt', language_out: 'en' });
    expect(remote.errands[0]!.file!.bytes.toString('latin1', 0, 4)).toBe('fLaC');
    expect(heard).toEqual({
      language: 'pt',
      segments: [
        { text: 'Olá.', start: 0, end: 3.5 },
        { text: 'Adeus.', start: 3.5, end: 5 },
      ],
      provider: 'audio-transcriber',
      cost: 0,
      service: 'trans_1',
    });
    expect(server.requests).toEqual([]);
  });

  test.each([
    ['bare', 'Olá. Adeus.'],
    ['in JSON', { text: 'Olá. Adeus.' }],
  ])('a transcriber that knows no times: its text, %s, is spread over the speech', async (_how, text) => {
    await using remote = await remoteService();
    remote.results = { transcription: {}, text };
    const heard = await hear({}, { services: { transcriber: remote.service() } });
    expect(heard.segments.map((segment) => segment.text)).toEqual(['Olá.', 'Adeus.']);
  });

  test('a normaliser: all wishes go there, what comes back becomes FLAC with its rests', async () => {
    await using remote = await remoteService('norm_1');
    await booth.ffmpeg('-i', `${booth.root}/recording.flac`, '-ac', '1', '-ar', '16000', `${booth.root}/theirs.ogg`);
    remote.results = { download: await readFile(`${booth.root}/theirs.ogg`) };
    const wish = { removeNoise: true, mono: true, highPass: false, sampleRate16k: true, isolateVocals: true };
    const { sound } = tools({ services: { normaliser: remote.service() } });
    const made = await sound.normalise(recording, wish, { key: 'made.flac' }, booth.running());
    expect(remote.errands[0]!.fields).toEqual({
      remove_noise: 'true',
      convert_to_mono: 'true',
      apply_highpass_filter: 'false',
      set_sample_rate_16k: 'true',
      isolate_vocals: 'true',
    });
    expect(remote.errands[0]!.file!.name).toBe('source.flac');
    expect(await booth.facts(made.audio)).toMatchObject({ codec: 'flac', channels: 1, sample_rate: 16_000 });
    expect(made).toMatchObject({ service: 'norm_1', duration: expect.closeTo(12, 1) });
    expect(made.rests).toEqual([{ start: 0, end: expect.closeTo(5, 1) }]);
  });
});
