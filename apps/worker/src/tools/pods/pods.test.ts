import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Claim } from '@reverie/contracts';
import { Failure } from '@reverie/contracts';
import { LEASE_LOST } from '@reverie/queue';
import { linkSigner, openStore } from '@reverie/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeS3 } from '../../../../../packages/storage/src/fake-s3.ts';
import { eventually } from '../../../../../test/support/eventually.ts';
import { type FakePod, type FakePodOptions, fakePod } from '../../../../../test/support/fake-pod.ts';
import { type Behaviour, type PodLedger, podLedger } from '../../../../../test/support/pod-behaviour.ts';
import { SHUTDOWN } from '../../take.ts';
import { openPods } from './pods.ts';
import { openRoom, type Room } from './room.ts';

const INPUT = 'posts/1/master.m3u8';
const WISH = { inputKey: INPUT, sourceLang: null, targetLang: 'de', dubbing: false, hlsSegment: 6 };
let dir: string;
const links = linkSigner({ secret: 'x'.repeat(32), baseUrl: 'http://127.0.0.1:1' });
const store = () => openStore({ kind: 'fs', dir, links });
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pods-'));
  await store().put(INPUT, Readable.from(['#EXTM3U\n']), { contentType: 'application/x-mpegurl' });
});
const open: FakePod[] = [];
afterAll(async () => {
  for (const pod of open) await pod[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

interface Scene {
  pods: FakePod[];
  ledger: PodLedger;
  room: Room;
  jobId: string;
  told: number[];
  /** One attempt at the run. `stop` ends it from outside. */
  attempt(how?: {
    seconds?: number;
    others?: string[];
    stop?: AbortSignal;
  }): ReturnType<ReturnType<typeof openPods>['run']>;
}

/** Pods that go about a job's runs in this order, and a worker's room of them. */
async function scene(
  runs: Behaviour[] = [],
  { count = 1, apiKey, ...more }: { count?: number; apiKey?: string } & Partial<FakePodOptions> = {},
): Promise<Scene> {
  const ledger = podLedger();
  const behave = (_: string, nth: number) => runs[nth - 1] ?? 'well';
  const pods = await Promise.all(
    Array.from({ length: count }, () =>
      fakePod({ store: store(), ledger, behave, ...(apiKey !== undefined && { apiKey }), ...more }),
    ),
  );
  open.push(...pods);
  const settings = { runUrls: pods.map(({ url }) => url), seconds: 20, apiKey, outputPrefix: 'vl', pollSeconds: 0.1 };
  const room = openRoom(settings);
  const jobId = randomUUID();
  const told: number[] = [];
  return {
    ...{ pods, ledger, room, jobId, told },
    attempt({ seconds = 20, others = [], stop = new AbortController().signal } = {}) {
      const claim = { taskId: randomUUID(), jobId, attempt: 1 } as Claim;
      const takePod = async (_: Claim, wished: string[]) => ({
        pod: wished.find((url) => !others.includes(url)) ?? null,
      });
      const here = { room, settings: { ...settings, seconds }, store: store(), inputs: store(), api: { takePod } };
      return openPods(here, claim).run(WISH, { signal: stop, progress: (at) => told.push(at) });
    },
  };
}

const host = ({ url }: FakePod) => new URL(url).host;
const posts = ({ asked }: FakePod) => asked.filter((line) => line === 'POST /run').length;
const counted = ({ ledger, jobId }: Scene) => ledger.jobs.get(jobId);

test('A8–A17, A20, A36: a pod is told everything, and what it has made and answered is kept', async () => {
  const it = await scene([], { apiKey: 'secret' });
  const { jobId } = it;
  const made = await it.attempt();
  expect(it.pods[0]!.told).toEqual([
    {
      job_id: jobId,
      s3_input_key: INPUT,
      input_url: expect.stringMatching(
        /^http:\/\/127.0.0.1:1\/artifacts\/posts\/1\/master.m3u8\?expires=\d+&signature=/,
      ),
      s3_output_prefix: `vl/${jobId}`,
      ...{ source_lang: null, target_lang: 'de', enable_dubbing: false, hls_segment: 6 },
    },
  ]);
  expect(made).toEqual({
    manifest: { job_id: jobId, subtitle_vtt_url: 'subtitles.vtt', subtitle_hls_master: `vl/${jobId}/master.m3u8` },
    response: { status: 'completed', gpu_seconds: 0.02 },
    pod: host(it.pods[0]!),
    vtt: { key: `vl/${jobId}/subtitles.vtt`, bytes: 39, contentType: expect.stringContaining('text/vtt') },
    hlsMaster: { key: `vl/${jobId}/master.m3u8`, bytes: 26, contentType: expect.stringContaining('mpegurl') },
    prefix: `vl/${jobId}`,
  });
  await it.attempt();
  expect([posts(it.pods[0]!), counted(it)]).toEqual([1, { begun: 1, needed: 1 }]);
});

test('A17, A18, A19: in S3 it fetches by a presigned link and is told whole keys, S3_PREFIX included', async () => {
  const s3 = await fakeS3();
  const config = s3.config();
  const bucket = openStore({ kind: 's3', ...config, prefix: '' });
  await bucket.put(INPUT, Readable.from(['#EXTM3U\n']), { contentType: 'application/x-mpegurl' });
  await using pod = await fakePod({ store: bucket, fetches: true });
  const settings = { runUrls: [pod.url], seconds: 20, apiKey: undefined, outputPrefix: 'vl', pollSeconds: 0.1 };
  const api = { takePod: async () => ({ pod: pod.url }) };
  const here = { room: openRoom(settings), settings, store: openStore({ kind: 's3', ...config }), inputs: bucket, api };
  const jobId = randomUUID();
  const made = await openPods(here, { jobId } as Claim).run(WISH, {
    signal: new AbortController().signal,
    progress() {},
  });
  expect(pod.told[0]).toMatchObject({ s3_input_key: INPUT, s3_output_prefix: `${config.prefix}/vl/${jobId}` });
  expect(new URL(pod.told[0]!.input_url).searchParams.get('X-Amz-Expires')).toBe('620');
  expect(made).toMatchObject({ prefix: `vl/${jobId}`, hlsMaster: { key: `vl/${jobId}/master.m3u8` } });
  await s3.stop();
});

test('its own progress is told, and every look is a sign of life', async () => {
  const it = await scene([], { workMs: 500 });
  await it.attempt();
  expect(it.told.some((at) => Math.round(at) === 50)).toBe(true);
  expect(it.told).toEqual([...new Set(it.told)].sort((a, b) => a - b));
  expect(it.told.length).toBeGreaterThan(2);
});

describe.concurrent('A20: the manifest is the truth', () => {
  test.each<[Behaviour, unknown]>([
    ['hang after finishing', null],
    ['drop after finishing', null],
    ['drop and go on', null],
    ['500 after finishing', { detail: 'cannot say' }],
    ['half manifest, then whole', { status: 'completed' }],
  ])('%s: it is done, and was begun once', async (behaviour, response) => {
    const it = await scene([behaviour], { workMs: 300 });
    expect((await it.attempt()).response).toEqual(response);
    expect(counted(it)).toEqual({ begun: 1, needed: 1 });
  });

  test.each<[Behaviour, RegExp]>([
    ['500', /answered 500: .*CUDA out of memory/],
    ['lie without manifest', /says that the run is done, and there is no manifest.json/],
    ['lie of another job', /of another job/],
    ['lie about files', /not there/],
    ['half manifest', /half/],
  ])('%s: it failed, and the next attempt does it again', async (behaviour, message) => {
    const it = await scene([behaviour]);
    await expect(it.attempt()).rejects.toMatchObject({ code: 'pod_failed', message: expect.stringMatching(message) });
    await it.attempt();
    expect(counted(it)).toEqual({ begun: 2, needed: 2 });
  });

  test.each<Behaviour>(['restart', 'forget'])(
    '%s: it is asked again, by the same attempt and for the same job',
    async (behaviour) => {
      const it = await scene([behaviour], { workMs: 2_000 });
      await it.attempt();
      expect([counted(it), it.pods[0]!.told.map(({ job_id }) => job_id)]).toEqual([
        { begun: 2, needed: 2 },
        [it.jobId, it.jobId],
      ]);
    },
  );

  test('a pod that has ever told of a run is believed when it knows nothing of one it was never seen at', async () => {
    const it = await scene(['500', 'forget']);
    await expect(it.attempt()).rejects.toMatchObject({ code: 'pod_failed' });
    await it.attempt();
    expect(counted(it)).toEqual({ begun: 3, needed: 3 });
  });

  test('a run that takes its pod down every time fails', async () => {
    const it = await scene(['restart', 'restart']);
    await expect(it.attempt()).rejects.toMatchObject({
      code: 'pod_failed',
      message: expect.stringContaining('2 times'),
    });
  });
});

test('a pod that goes and does not come back is given up, and nothing is charged for it', async () => {
  const it = await scene(['hang']);
  const attempt = it.attempt();
  const refused = expect(attempt).rejects.toMatchObject({
    code: 'pod_unavailable',
    message: expect.stringContaining('cannot be reached any more'),
  });
  await eventually('it to be at work', async () => counted(it)?.begun === 1);
  await it.pods[0]![Symbol.asyncDispose]();
  await refused;
});

describe.concurrent('A15: VL_POD_TIMEOUT', () => {
  test('what hangs is called off, and begun anew by the next attempt', async () => {
    const it = await scene(['hang']);
    await expect(it.attempt({ seconds: 0.6 })).rejects.toMatchObject({
      code: 'pod_failed',
      message: `${host(it.pods[0]!)} was not done within 0.6 s (VL_POD_TIMEOUT)`,
    });
    expect(it.pods[0]!.asked).toContain(`DELETE /run/${it.jobId}`);
    await it.attempt();
    expect(counted(it)).toEqual({ begun: 2, needed: 2 });
  });

  test('what answers late is waited for by the next attempt', async () => {
    const it = await scene(['late'], { lateMs: 900 });
    await expect(it.attempt({ seconds: 0.5 })).rejects.toMatchObject({ code: 'pod_failed' });
    await it.attempt();
    expect([posts(it.pods[0]!), counted(it)]).toEqual([1, { begun: 1, needed: 1 }]);
  });
});

describe.concurrent('who stops, and whether the pod does', () => {
  const atWork = async (it: Scene) => eventually('it to be at work', async () => counted(it)?.begun === 1);
  test.each([
    [SHUTDOWN, false],
    [LEASE_LOST, false],
    [new Failure('no_progress', ''), false],
    ['cancelled by the caller', true],
    ['the job has ended', true],
    [new Failure('stage_timeout', ''), true],
  ])('%s: told so is %s', async (reason, called) => {
    const it = await scene([], { workMs: 800 });
    const stop = new AbortController();
    const attempt = it.attempt({ stop: stop.signal });
    await atWork(it);
    stop.abort(reason);
    await expect(attempt).rejects.toThrow();
    expect(it.pods[0]!.asked.includes(`DELETE /run/${it.jobId}`)).toBe(called);
    await it.attempt();
    expect(counted(it)!.begun).toBe(called ? 2 : 1);
  });
});

describe.concurrent('which pod', () => {
  test('not one that is unwell', async () => {
    const it = await scene([], { count: 2 });
    it.pods[0]!.health = 503;
    expect((await it.attempt()).pod).toBe(host(it.pods[1]!));
  });

  test('one that knows no /health is taken for well', async () => {
    const it = await scene();
    it.pods[0]!.health = 404;
    await it.attempt();
  });

  test('none that is well: it waits for free, and says who is not', async () => {
    const it = await scene([], { count: 2 });
    for (const pod of it.pods) pod.health = 500;
    await expect(it.attempt()).rejects.toMatchObject({
      code: 'pod_unavailable',
      message: `no pod can take the run: ${host(it.pods[0]!)} is not well, ${host(it.pods[1]!)} is not well`,
    });
  });

  test.each([409, 429, 503])(
    'one that is busy with another job (%s) is left alone for as long as it says',
    async (status) => {
      const it = await scene([], { count: 2 });
      it.pods[0]!.next(status, '', { 'retry-after': '30' });
      expect((await it.attempt()).pod).toBe(host(it.pods[1]!));
      expect(it.pods.map(posts)).toEqual([1, 1]);
    },
  );

  test('while another task is at all of them, it waits', async () => {
    const it = await scene();
    const others = [it.pods[0]!.url];
    const attempt = it.attempt({ others });
    await eventually('it to look after the pod', async () => it.pods[0]!.asked.includes('GET /health'));
    expect(counted(it)).toBeUndefined();
    others.pop();
    await attempt;
  });

  test('one that failed last comes last, and after five failures it is left alone', async () => {
    const it = await scene(['500', 'well'], { count: 2 });
    await expect(it.attempt()).rejects.toMatchObject({ code: 'pod_failed' });
    expect((await it.attempt()).pod).toBe(host(it.pods[1]!));

    const alone = await scene(Array(5).fill('500'));
    for (let n = 0; n < 5; n++) await expect(alone.attempt()).rejects.toMatchObject({ code: 'pod_failed' });
    await expect(alone.attempt()).rejects.toMatchObject({
      code: 'pod_unavailable',
      message: expect.stringContaining('has failed 5 times'),
    });
  });
});

describe.concurrent('what is refused is not asked again', () => {
  test.each([400, 401, 404, 422, 302])('%s', async (status) => {
    const it = await scene();
    it.pods[0]!.next(status, JSON.stringify({ detail: 'no', echo: 'http://s3/x?X-Amz-Signature=abc&y=1' }));
    const error = await it.attempt().catch((why) => why);
    expect(error).toMatchObject({ code: 'provider_refused', message: expect.stringContaining(`answered ${status}: `) });
    expect(error.message).not.toContain('abc');
  });

  test.each([500, 502, 408, 425])('%s is a failure that may pass', async (status) => {
    const it = await scene();
    it.pods[0]!.next(status, 'oops');
    await expect(it.attempt()).rejects.toMatchObject({
      code: 'pod_failed',
      message: `${host(it.pods[0]!)} answered ${status}: oops`,
    });
  });

  test('a pod that wants another token', async () => {
    const it = await scene([], { apiKey: 'right' });
    const wrong = {
      runUrls: it.pods.map(({ url }) => url),
      seconds: 5,
      apiKey: 'wrong',
      outputPrefix: 'vl',
      pollSeconds: 0.1,
    };
    const api = { takePod: async (_: Claim, [pod]: string[]) => ({ pod: pod! }) };
    const here = { room: openRoom(wrong), settings: wrong, store: store(), inputs: store(), api };
    const run = openPods(here, { jobId: it.jobId } as Claim).run(WISH, {
      signal: new AbortController().signal,
      progress: () => {},
    });
    await expect(run).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringContaining('VL_POD_API_KEY'),
    });
  });

  test('an input that is not there costs no pod anything', async () => {
    const it = await scene();
    const settings = {
      runUrls: [it.pods[0]!.url],
      seconds: 5,
      apiKey: undefined,
      outputPrefix: 'vl',
      pollSeconds: 0.1,
    };
    const api = { takePod: async (_: Claim, [pod]: string[]) => ({ pod: pod! }) };
    const here = { room: it.room, settings, store: store(), inputs: store(), api };
    const run = openPods(here, { jobId: it.jobId } as Claim).run(
      { ...WISH, inputKey: 'posts/2/gone.mp4' },
      { signal: new AbortController().signal, progress: () => {} },
    );
    await expect(run).rejects.toMatchObject({ code: 'source_missing' });
    expect(it.pods[0]!.told).toEqual([]);
  });
});

describe.concurrent('a pod that does not tell of its runs', () => {
  test('is waited for as long as the line holds', async () => {
    const it = await scene([], { tells: false, workMs: 700 });
    expect((await it.attempt()).response).toMatchObject({ status: 'completed' });
    expect(posts(it.pods[0]!)).toBe(1);
  });

  test('and is asked again when it was cut; it goes on with the same run', async () => {
    const it = await scene(['drop and go on'], { tells: false, workMs: 600 });
    await it.attempt();
    expect(counted(it)).toEqual({ begun: 1, needed: 1 });
  });
});
