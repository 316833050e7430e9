import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PodManifest, PodRun } from '@reverie/contracts';
import { openPod } from '../../apps/pod/src/app.ts';
import { readConfig } from '../../apps/pod/src/config.ts';
import { ffmpegForTests } from './ffmpeg.ts';

/** A run as Reverie asks for it. */
export const wishFor = (key: string, more: Partial<PodRun> = {}): PodRun => {
  const job_id = more.job_id ?? randomUUID();
  return {
    ...{ job_id, s3_input_key: key, input_url: 'http://127.0.0.1:1/nobody', s3_output_prefix: `out/${job_id}` },
    ...{ source_lang: null, target_lang: null, enable_dubbing: false, hls_segment: 2 },
    ...more,
  };
};

/** The reference pod on a free port, with a folder of its own for a store. */
export async function referencePod(env: Record<string, string> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'pod-'));
  const { ffmpegPath, ffprobePath } = await ffmpegForTests();
  const store = join(dir, 'store');
  const settings = {
    ...{ STORAGE: 'fs', STORAGE_DIR: store, SCRATCH_DIR: join(dir, 'scratch'), LOG_LEVEL: 'silent' },
    ...{ FFMPEG_PATH: ffmpegPath, FFPROBE_PATH: ffprobePath },
    ...env,
  };
  const config = readConfig(settings);
  const app = await openPod(config);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return podAt(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, {
    ...{ dir, store, settings, apiKey: config.apiKey },
    async close() {
      await app.close();
      await rm(dir, { recursive: true, force: true });
    },
  });
}
export type ReferencePod = Awaited<ReturnType<typeof referencePod>>;

interface Place {
  dir: string;
  store: string;
  settings: Record<string, string>;
  apiKey?: string | undefined;
  close(): Promise<void>;
}

/** How a pod is asked, wherever it runs. */
export function podAt(url: string, place: Place) {
  const ask = async (method: string, path: string, body?: unknown, signal?: AbortSignal) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(place.apiKey !== undefined && { authorization: `Bearer ${place.apiKey}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects
    return { status: response.status, body: (await response.json()) as any };
  };
  return {
    ...{ url, dir: place.dir, store: place.store, settings: place.settings, ask },
    run: (wish: object, signal?: AbortSignal) => ask('POST', '/run', wish, signal),
    /** A file of a run, as text. */
    text: ({ s3_output_prefix }: PodRun, name: string) => readFile(join(place.store, s3_output_prefix, name), 'utf8'),
    manifest: async ({ s3_output_prefix }: PodRun): Promise<PodManifest> =>
      JSON.parse(await readFile(join(place.store, s3_output_prefix, 'manifest.json'), 'utf8')),
    [Symbol.asyncDispose]: () => place.close(),
  };
}
