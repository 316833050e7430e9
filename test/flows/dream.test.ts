import { afterAll, describe, expect, test } from 'vitest';
import { clientOf } from '../support/client.ts';
import { finishDream, SHORT, statusOnce } from '../support/dreams.ts';
import { probe } from '../support/probe.ts';
import { type Product, startProduct } from '../support/product.ts';

describe('a dream becomes a video', () => {
  let product: Product | undefined;
  afterAll(() => product?.[Symbol.asyncDispose]());

  test('F1 F28 F29 F39 F40 B12–B24: finish, status, preview before film, video, metadata', async () => {
    product = await startProduct();
    const call = clientOf(product.url);
    await product.startWorker();
    const { id, jobId } = await finishDream(call, SHORT);

    const seen: string[] = [];
    let previewBeforeFilm = false;
    const watching = (async () => {
      for (;;) {
        const { body } = await call<{ status: string; stage?: string; preview_url?: string }>(
          'GET',
          `/dreams/${id}/video-status`,
        );
        if (body.stage && seen.at(-1) !== body.stage) seen.push(body.stage);
        previewBeforeFilm ||= body.stage === 'film' && body.preview_url !== undefined;
        if (!['queued', 'processing'].includes(body.status)) return;
      }
    })();
    const status = await statusOnce(call, id, ['completed']);
    await watching;

    expect(status).toMatchObject({ job_id: jobId, status: 'completed', progress: 100 });
    expect(previewBeforeFilm).toBe(true);
    expect(seen).toContain('film');

    const { streams, format } = await probe(status.video_url!);
    expect(streams.find(({ codec_type }) => codec_type === 'video')).toMatchObject({
      codec_name: 'h264',
      pix_fmt: 'yuv420p',
      width: 1280,
      height: 720,
    });
    expect(streams.find(({ codec_type }) => codec_type === 'audio')).toMatchObject({ codec_name: 'aac' });

    const { body: dream } = await call<{
      video_status: string;
      video_metadata: { duration: number; scenes: number; cost: number };
    }>('GET', `/dreams/${id}`);
    expect(dream).toMatchObject({
      video_job_id: jobId,
      video_status: 'completed',
      video_metadata: { scenes: 2, cost: 0 },
    });
    expect(Math.abs(dream.video_metadata.duration - Number(format.duration))).toBeLessThan(0.1);

    const { body: job } = await call<{
      stages: { name: string; state: string; attempts: unknown[] }[];
      artifacts: { key: string }[];
    }>('GET', `/jobs/${jobId}`);
    expect(job.stages.map(({ name, state, attempts }) => [name, state, attempts.length])).toEqual([
      ['storyboard', 'completed', 1],
      ['pictures', 'completed', 2],
      ['narration', 'completed', 1],
      ['preview', 'completed', 1],
      ['film', 'completed', 1],
      ['publish', 'completed', 1],
    ]);
    expect(job.artifacts.map(({ key }) => key)).toEqual(
      expect.arrayContaining([`dreams/${id}/video.mp4`, `dreams/${id}/preview.mp4`, `dreams/${id}/poster.jpg`]),
    );
    const preview = await probe(status.preview_url!);
    expect(preview.streams.find(({ codec_type }) => codec_type === 'video')!.width).toBeLessThan(500);

    const again = await call('POST', `/dreams/${id}/finish`);
    expect([again.status, again.body.job_id]).toEqual([200, jobId]);
  });
});
