import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { clientOf } from '../support/client.ts';
import { filmWith } from '../support/films.ts';
import { mediaServer } from '../support/media-server.ts';
import { openAiServer } from '../support/openai-server.ts';
import { probe } from '../support/probe.ts';
import { startProduct } from '../support/product.ts';

interface Video {
  video_id: string;
  job_id: string;
  status: string;
  scenes: { start: number; end: number }[];
  frames: { time: number; url: string; caption: { caption: string } | null }[];
  transcript: { segments: { text: string }[] } | null;
  skipped: { stage: string; reason: string }[];
  video_url: string;
}
interface Found {
  mode: string;
  moments: { kind: string; time: number; text: string; frame: { url: string } | null }[];
}

test('C12–C18 C41–C46 F32 F34: a video is taken apart, and every moment of it can be found', async () => {
  await using provider = await openAiServer();
  const film = await filmWith({ scenes: ['red', 'blue', 'green'], secondsEach: 2, sound: true });
  const silent = await filmWith({ scenes: ['yellow'], secondsEach: 2, sound: false });
  const media = await mediaServer({
    'demo.mp4': { bytes: await readFile(film) },
    'silent.mp4': { bytes: await readFile(silent) },
  });
  const at = (name: string) => ({ [`${name}_BASE_URL`]: provider.baseUrl, [`${name}_API_KEY`]: provider.apiKey });
  await using product = await startProduct({
    env: { ...at('TRANSCRIBE'), ...at('VISION'), ...at('EMBED'), ALLOWED_PRIVATE_HOSTS: '127.0.0.1' },
  });
  await product.startWorker();
  const call = clientOf(product.url);
  const analysed = async (name: string, more: object = {}) => {
    const { body } = await call<Video>('POST', '/videos', { source_url: media.url(name), ...more });
    await call('GET', `/jobs/${body.job_id}/wait?timeout=60`);
    return (await call<Video>('GET', `/videos/${body.video_id}`)).body;
  };

  const video = await analysed('demo.mp4');
  expect(video).toMatchObject({ status: 'completed', skipped: [] });
  expect(video.scenes.map(({ start }) => Math.round(start * 10) / 10)).toEqual([0, 2, 4]);
  expect(video.frames.map(({ time }) => Math.round(time))).toEqual([1, 3, 5]);
  expect(video.frames.map(({ caption }) => caption?.caption)).toEqual([
    expect.stringContaining('red'),
    expect.stringContaining('blue'),
    expect.stringContaining('green'),
  ]);
  expect(video.transcript?.segments.length).toBeGreaterThan(0);
  expect((await probe(video.video_url)).streams[0]).toMatchObject({ codec_name: 'h264', height: 360 });

  const { body: found } = await call<Found>('GET', `/videos/${video.video_id}/search?q=something+blue&kind=caption`);
  expect(found.mode).toBe('semantic');
  expect(found.moments[0]).toMatchObject({ kind: 'caption', text: expect.stringContaining('blue') });
  expect(Math.round(found.moments[0]!.time)).toBe(3);
  const picture = await fetch(found.moments[0]!.frame!.url);
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);

  const quiet = await analysed('silent.mp4', { vision_analysis: false });
  expect(quiet).toMatchObject({ status: 'completed', transcript: null });
  expect(quiet.scenes).toHaveLength(1);
  expect(quiet.skipped.map(({ stage }) => stage).sort()).toEqual(['embed', 'transcribe', 'vision']);
});
