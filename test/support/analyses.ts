import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Artifact } from '@reverie/contracts';
import { momentsOf } from '@reverie/pipelines';
import { linkSigner, openStore, type Store } from '@reverie/storage';
import type { Client } from './client.ts';
import { vectorOf } from './openai-embeddings.ts';
import type { Product } from './product.ts';
import { tasksOf } from './tasks.ts';
import type { wireWorker } from './wire-worker.ts';

export const DIMENSIONS = 64;

/** What a worker would find in a video of three scenes, the second of which has no frame. */
export const FOUND = {
  scenes: [
    { start: 0, end: 4 },
    { start: 4, end: 9 },
    { start: 9, end: 12 },
  ],
  segments: [
    { start: 0.5, end: 3.5, text: 'Welcome to the silver meadow.' },
    { start: 4.2, end: 8, text: 'Press the red button to reset your password.' },
    { start: 9.5, end: 11, text: 'Crème brûlée is served at noon.' },
  ],
  seen: [
    { caption: 'A meadow under the moon.', controls: [], text: '' },
    { caption: 'A login form.', controls: ['Sign in', 'Forgot password'], text: 'Account settings' },
  ],
};

interface Settings {
  product: Product;
  call: Client;
  wire: ReturnType<typeof wireWorker>;
}

/** Does an analysis stage by stage as a worker would, with what is found known beforehand. */
export function analyst({ product, call, wire }: Settings) {
  const links = linkSigner({ secret: 'x'.repeat(32), baseUrl: product.url });
  const store: Store = openStore({ kind: 'fs', dir: join(product.dir, 'artifacts'), links } as never);

  const put = async (jobId: string, name: string, bytes: Buffer, contentType: string): Promise<Artifact> =>
    (await store.put(`jobs/${jobId}/work/test/0/1/${name}`, Readable.from([bytes]), { contentType }))!;

  /** What each stage gives, by its name; of a fan-out, what each part gives. */
  async function outputs(jobId: string, found: typeof FOUND): Promise<Record<string, object[]>> {
    const facts = { duration: 12, video: { codec: 'h264', width: 1280, height: 720, pixelFormat: 'yuv420p', fps: 30 } };
    const file = (name: string, contentType: string) => put(jobId, name, Buffer.from(name), contentType);
    const frames = await Promise.all(
      [0, 2].map(async (scene) => ({
        scene,
        time: (found.scenes[scene]!.start + found.scenes[scene]!.end) / 2,
        picture: await file(`frame-${scene}.jpg`, 'image/jpeg'),
        hash: `000000000000000${scene}`,
      })),
    );
    const sights = found.seen.map((seen) => ({ seen, model: 'seer-1', provider: 'test', cost: 0.25 }));
    const spoken = { language: 'en', segments: found.segments, provider: 'test/whisper', cost: 0.5 };
    const texts = momentsOf({
      scenes: found.scenes,
      frames,
      transcript: { ...spoken, text: '' },
      sights,
    }).map(({ text }) => text);
    const vectors = Buffer.from(new Float32Array(texts.flatMap((text) => vectorOf(text, DIMENSIONS))).buffer);
    return {
      download: [{ media: await file('source.mp4', 'video/mp4'), facts }],
      normalise: [
        {
          video: await file('video.mp4', 'video/mp4'),
          videoFacts: facts,
          recording: { audio: await file('audio.flac', 'audio/flac'), duration: 12, rests: [] },
          cuts: [4, 9],
          remuxed: true,
        },
      ],
      transcribe: [spoken],
      scenes: [{ scenes: found.scenes }],
      frames: [{ frames, framesDropped: 1 }],
      vision: sights,
      embed: [
        {
          embedded: {
            vectors: await put(jobId, 'vectors.f32', vectors, 'application/octet-stream'),
            ...{ model: 'text-embedding-3-small', dimensions: DIMENSIONS, provider: 'test', cost: 0.125 },
          },
        },
      ],
      result: [{ result: await file('analysis.json', 'application/json'), cost: 1.125 }],
    };
  }

  return {
    store,
    async submit(more: object = {}): Promise<{ videoId: string; jobId: string }> {
      const asked = { source_url: 'https://example.com/meadow.mp4', title: 'The meadow', ...more };
      const { status, body } = await call<{ video_id: string; job_id: string }>('POST', '/videos', asked);
      if (status !== 202) throw new Error(`POST /videos answered ${status}: ${JSON.stringify(body)}`);
      return { videoId: body.video_id, jobId: body.job_id };
    },
    /** Every stage that can be done, until nothing is left or `before` would be next. */
    async work(
      jobId: string,
      found = FOUND,
      { before, change }: { before?: string; change?: (given: Record<string, object[]>) => void } = {},
    ) {
      const given = await outputs(jobId, found);
      change?.(given);
      for (;;) {
        const open = (await tasksOf(product, jobId)).filter(({ status }) => ['waiting', 'dispatched'].includes(status));
        const task = open.find(({ stage }) => stage !== before);
        if (!task) return;
        const { body: claim } = await wire.claim(task.id);
        const output = given[task.stage]![task.part]!;
        const { status, body } = await wire.report(
          { taskId: task.id, attempt: claim.attempt },
          { status: 'completed', output: output as Record<string, unknown> },
        );
        if (status !== 200 || body.verdict !== 'accepted') return { stage: task.stage, ...body };
      }
    },
  };
}
