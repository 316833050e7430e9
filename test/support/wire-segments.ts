import { artifactKey, type FailureReport } from '@reverie/contracts';
import { expect } from 'vitest';
import type { Product } from './product.ts';
import { taskOf, tasksOf } from './tasks.ts';
import type { wireWorker } from './wire-worker.ts';

const BROKEN: FailureReport = { code: 'provider_refused', message: 'the model will not have it' };

/** Does the stages of a segments job as a worker would say them. */
export function segmentWorker(product: Product, wire: ReturnType<typeof wireWorker>) {
  async function claim(task: string, run: number) {
    const { status, body } = await wire.claim(task, { run });
    expect(status).toBe(200);
    return { taskId: task, attempt: body.attempt };
  }
  const file = (key: string) => ({ key, bytes: 1, contentType: 'video/mp4' });
  const complete = async (at: { taskId: string; attempt: number }, output: Record<string, unknown>) =>
    (await wire.report(at, { status: 'completed', output })).body.verdict;

  return {
    /** Downloads and cuts into so many segments of two seconds. */
    async cut(jobId: string, total: number) {
      const download = await claim((await taskOf(product, jobId, 'download')).id, 0);
      const facts = {
        duration: total * 2,
        video: { codec: 'h264', width: 64, height: 36, pixelFormat: 'yuv420p', fps: 25 },
      };
      await complete(download, { media: file(`jobs/${jobId}/work/download/0/1/source.mp4`), facts });
      const cut = await claim((await taskOf(product, jobId, 'cut')).id, 0);
      const segments = Array.from({ length: total }, (_, index) => ({
        file: file(`segments/${jobId}/${index}`),
        seconds: 2,
        frames: 50,
      }));
      await complete(cut, { segments, sound: null, late: 0, reencoded: false });
    },
    /** Runs the model on one segment: well, or so that it fails for good. */
    async model(jobId: string, index: number, { fails = false, twice = false, run = 0, name = jobId } = {}) {
      const task = (await tasksOf(product, jobId)).find(({ stage, part }) => stage === 'model' && part === index)!;
      const at = await claim(task.id, run);
      if (fails) return (await wire.report(at, { status: 'failed', error: BROKEN })).body.verdict;
      const key = artifactKey.work({ jobId, stage: 'model', part: index, attempt: at.attempt }, 'segment.mp4');
      const output = file(twice ? key : artifactKey.segmentOut(name, index));
      return complete(at, { file: file(key), output, seconds: 2, frames: 50, model: 'passthrough' });
    },
    async reassemble(jobId: string, { run = 0, name = jobId } = {}) {
      const at = await claim((await taskOf(product, jobId, 'reassemble')).id, run);
      return complete(at, { final: file(artifactKey.segmentsFinal(name)), finalFacts: { duration: 6 } });
    },
  };
}
