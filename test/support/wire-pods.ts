import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { PodResult } from '@reverie/contracts';
import { linkSigner, openStore } from '@reverie/storage';
import { expect } from 'vitest';
import type { Product } from './product.ts';
import { taskOf } from './tasks.ts';
import type { wireWorker } from './wire-worker.ts';

/** Where pods are configured: nobody asks this one, the worker on the wire says what it has made. */
export const PODS = { VL_POD_RUN_URL: 'http://127.0.0.1:1/run' };

/** Does the run of a subtitle job as a worker would say it, with real files. */
export function podWorker(product: Product, wire: ReturnType<typeof wireWorker>) {
  const links = linkSigner({ secret: 'x'.repeat(32), baseUrl: product.url });
  const store = openStore({ kind: 'fs', dir: join(product.dir, 'artifacts'), links });
  return {
    store,
    async run(jobId: string, manifest: object = {}, { claimed = async () => {} } = {}): Promise<PodResult> {
      const { id } = await taskOf(product, jobId, 'pod');
      const { status, body: claim } = await wire.claim(id);
      expect(status).toBe(200);
      await claimed();
      const prefix = `videolingo/jobs/${jobId}`;
      const put = async (name: string, text: string, contentType: string) =>
        (await store.put(`${prefix}/${name}`, Readable.from([text]), { contentType }))!;
      const vtt = await put('subtitles.vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n', 'text/vtt');
      const hlsMaster = await put('master.m3u8', '#EXTM3U\nvideo/stream.m3u8\n', 'application/vnd.apple.mpegurl');
      await put(
        'video/stream.m3u8',
        '#EXTM3U\n#EXTINF:1,\nsegment-0.ts\n#EXT-X-ENDLIST\n',
        'application/vnd.apple.mpegurl',
      );
      await put('video/segment-0.ts', 'G'.repeat(188), 'video/mp2t');
      const output: PodResult = {
        manifest: { job_id: jobId, subtitle_vtt_url: vtt.key, subtitle_hls_master: hlsMaster.key, ...manifest },
        response: { status: 'completed', gpu_seconds: 42 },
        pod: '10.0.0.5:8000',
        ...{ vtt, hlsMaster, prefix },
      };
      const { body } = await wire.report({ taskId: id, attempt: claim.attempt }, { status: 'completed', output });
      expect(body.verdict).toBe('accepted');
      return output;
    },
  };
}
