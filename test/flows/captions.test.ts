import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { clientOf } from '../support/client.ts';
import { filmWith } from '../support/films.ts';
import { mediaServer } from '../support/media-server.ts';
import { failing, openAiServer } from '../support/openai-server.ts';
import { probe } from '../support/probe.ts';
import { startProduct } from '../support/product.ts';

interface Captions {
  job_id: string;
  status: string;
  overall_progress: number;
  stages: Record<string, { status: string; job_id: string; progress: number }>;
  stage_list: { name: string; attempts: unknown[] }[];
  transcription_text: string;
  transcription_segments: { text: string; start: number; end: number; duration: number }[];
  audio_url: string;
  srt_url: string;
  vtt_url: string;
  json_url: string;
  cached_from: string | null;
  error: { code: string } | null;
}

test('E1–E42 F33 F43: a video from the web becomes text, segments and subtitles, once; a provider that says later is asked later', async () => {
  await using provider = await openAiServer();
  const film = await filmWith({ scenes: ['red', 'blue'], secondsEach: 3, sound: true });
  const media = await mediaServer({ 'talk.mp4': { bytes: await readFile(film) }, 'page.mp4': PAGE });
  await using product = await startProduct({
    env: {
      TRANSCRIBE_BASE_URL: provider.baseUrl,
      TRANSCRIBE_API_KEY: provider.apiKey,
      ALLOWED_PRIVATE_HOSTS: '127.0.0.1',
    },
  });
  await product.startWorker();
  const call = clientOf(product.url);
  const caption = async (name: string, more: object = {}) => {
    const { body } = await call<{ job_id: string }>('POST', '/pipeline', { youtube_url: media.url(name), ...more });
    return (await call<Captions>('GET', `/jobs/${body.job_id}/wait?timeout=60`)).body;
  };

  provider.next(failing(429, 'slow down', { headers: { 'retry-after': '1' } }));
  const job = await caption('talk.mp4');
  expect(job).toMatchObject({ status: 'completed', overall_progress: 100, error: null });
  expect(job.stages.transcription).toMatchObject({ status: 'completed', progress: 100 });
  expect(job.stage_list.find(({ name }) => name === 'transcribe')?.attempts).toHaveLength(2);
  expect(job.transcription_text.length).toBeGreaterThan(0);

  const { streams } = await probe(job.audio_url);
  expect(streams).toMatchObject([{ codec_name: 'flac', sample_rate: '16000', channels: 1 }]);
  const file = async (url: string) => (await fetch(url)).text();
  const json = JSON.parse(await file(job.json_url)) as { text: string; segments: { text: string }[] };
  expect(json.text).toBe(job.transcription_text);
  const lines = job.transcription_segments.map(({ text }) => text);
  expect(json.segments.map(({ text }) => text)).toEqual(lines);
  for (const url of [job.srt_url, job.vtt_url]) expect(spoken(await file(url))).toEqual(lines);

  const asked = provider.requests.length;
  const again = await caption('talk.mp4');
  expect(again).toMatchObject({ status: 'completed', cached_from: job.job_id });
  expect(again.transcription_text).toBe(job.transcription_text);
  expect(provider.requests).toHaveLength(asked);

  expect((await caption('page.mp4')).error?.code).toBe('source_not_media');
  expect((await caption('nothing-there.mp4')).error?.code).toBe('source_missing');
});

const PAGE = { bytes: Buffer.from('<!doctype html><title>Not a video</title>'), type: 'text/html; charset=utf-8' };

/** The text lines of an SRT or VTT file. */
const spoken = (subtitles: string): string[] =>
  subtitles
    .replace(/^WEBVTT\n+/, '')
    .trim()
    .split(/\n{2,}/)
    .map((cue) => cue.slice(cue.indexOf('\n', cue.indexOf('-->')) + 1).trim());
