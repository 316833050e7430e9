import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { productOfFile } from '../support/product-of-file.ts';
import { PODS, podWorker } from '../support/wire-pods.ts';
import { segmentWorker } from '../support/wire-segments.ts';

/** The console's own modules, as browsers run them. */
const part = (name: string) => import(join(resolve('apps/api/src/console'), name));
const { call, ROOT } = await part('api.js');
const { aboutJobs } = await part('about.js');
const { entriesOf } = await part('entries.js');
const { titleOf } = await part('names.js');
const { countStates, ranges, startsOf } = await part('segment-states.js');
const { segmentsOf } = await part('segments-of.js');

const { product, wire } = await productOfFile({ env: PODS });
const pod = podWorker(product, wire);
const worker = segmentWorker(product, wire);

beforeEach(() => {
  const outside = fetch;
  vi.stubGlobal('sessionStorage', { getItem: () => null });
  vi.stubGlobal('fetch', (url: URL | string, how: RequestInit) =>
    outside(String(url).replace(ROOT.href, `${product.url}/`), { ...how, cache: 'default' }),
  );
});
afterEach(() => vi.unstubAllGlobals());

test('a post is listed while it waits, becomes its job’s line, and is told with what the pod has made', async () => {
  const listed = async () => {
    const [jobs, posts] = [await call('GET', 'jobs'), await call('GET', 'posts')];
    return entriesOf({ ...jobs, ...posts, dreams: [] }, false);
  };
  const { id, waits_for } = await call('POST', 'posts', { title: 'Harbour' });
  expect(waits_for).toMatch(/names no video/);
  expect(await listed()).toMatchObject([{ id, post: { title: 'Harbour' } }]);

  await call('PATCH', `posts/${id}`, { hls_s3_key: 'posts/42/master.m3u8', target_lang: 'de' });
  const jobId = await eventually('the post to have a job', async () => {
    const { subtitle_job_id } = await call('GET', `posts/${id}`);
    return subtitle_job_id ?? false;
  });
  const [entry, ...others] = await listed();
  expect([entry.id, titleOf(entry.job, entry.post), others]).toEqual([jobId, 'Harbour', []]);

  const rows = aboutJobs();
  const about = async () => rows.read(await call('GET', `jobs/${jobId}`));
  expect(await about()).toMatchObject({ post: { has_subtitles: false, links: { subtitle_hls_master: null } } });
  await pod.run(jobId, { provider: 'whisper' });
  const { post } = await about();
  expect(post).toMatchObject({
    ...{ has_subtitles: true, subtitle_job_id: jobId },
    job: { pod: '10.0.0.5:8000', manifest: { provider: 'whisper' }, pod_response: { gpu_seconds: 42 } },
  });
  expect((await fetch(new URL(post.links.subtitle_hls_master))).status).toBe(200);
});

test('the strip shows each segment’s state as it changes; what is missing is named, and run again alone', async () => {
  const input = { sourceUrl: 'https://example.com/film.mp4', mode: 'anaglyph', segmentSeconds: 2 };
  const { job_id: id } = await call('POST', 'jobs', { pipeline: 'segments', input, metadata: { filename: 'a.mp4' } });
  let seen: { segments: object[]; missing: number[]; final_url: string | null } | undefined;
  /** As a page does that has just been opened: an open one reads every 2 s. */
  const shown = (what: string) =>
    eventually(`the strip to show ${what}`, async () => {
      seen = await new Promise((tell) => void call('GET', `jobs/${id}`).then(segmentsOf(tell).look));
      const counts: { state: string; count: number }[] = countStates(seen!.segments);
      return counts.map(({ state, count }) => `${count} ${state}`).join() === what;
    });

  await worker.cut(id, 6);
  await shown('6 waiting');
  for (const index of [0, 2, 3]) await worker.model(id, index);
  for (const index of [1, 4, 5]) await worker.model(id, index, { fails: true });
  await shown('3 failed,3 completed');
  expect(ranges(seen!.missing)).toEqual([
    { from: 1, to: 1 },
    { from: 4, to: 5 },
  ]);
  expect(startsOf(seen!.segments)).toEqual([0, 2, undefined, undefined, undefined, undefined]);

  await call('POST', `jobs/${id}/retry`, {});
  await shown('3 completed,3 waiting');
  for (const index of [1, 4, 5]) await worker.model(id, index, { run: 1 });
  await worker.reassemble(id, { run: 1 });
  await shown('6 completed');
  expect([seen!.missing, seen!.final_url]).toEqual([[], expect.stringContaining(`jobs/${id}/final.mp4`)]);
});
