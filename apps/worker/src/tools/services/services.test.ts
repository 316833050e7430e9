import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Services } from '@reverie/models';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../../../test/support/eventually.ts';
import {
  hangingUp,
  type RemoteService,
  remoteService,
  replying,
  silent,
} from '../../../../../test/support/remote-service.ts';
import type { Workplace } from '../workplace.ts';
import { downloadByService } from './service-download.ts';
import { formOf } from './service-form.ts';
import { byService } from './services.ts';

let dir: string;
let remote: RemoteService;
let told: number[];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'services-'));
});
afterAll(() => rm(dir, { recursive: true }));
beforeEach(async () => {
  remote = await remoteService();
  told = [];
});
afterEach(() => remote[Symbol.asyncDispose]());

const services = (more: Partial<Services> = {}): Services => ({
  ...{ downloader: undefined, normaliser: undefined, transcriber: undefined },
  ...{ pollSeconds: 0.05, pollAttempts: 600, retries: 3, backoffSeconds: 0.01 },
  ...more,
});
const running = (signal = new AbortController().signal) => ({ signal, progress: (at: number) => told.push(at) });
const ask = ({ seconds = 20, signal, ...more }: { seconds?: number; signal?: AbortSignal; retries?: number } = {}) =>
  byService(
    { service: remote.service(seconds), named: 'AUDIO_TRANSCRIBER_URL', body: async () => '{"a":1}' },
    services(more),
    running(signal),
    async (job) => ({ text: await job.get('text', (answer) => answer.text()) }),
  );

describe('E77–E81: a job at a service', () => {
  test('is watched until it is completed, its progress told, its result fetched, its id kept', async () => {
    remote.states = [{ status: 'queued' }, { status: 'processing', progress: 40 }, { status: 'completed' }];
    remote.results = { text: 'what was said' };
    expect(await ask()).toEqual({ text: 'what was said', service: 'child-1' });
    expect(told).toEqual([0, 40]);
    expect(remote.errands[0]!.fields).toEqual({ a: 1 });
    expect(remote.asked.slice(1)).toEqual([...Array(3).fill('GET /jobs/child-1'), 'GET /jobs/child-1/text']);
  });

  test.each([
    [{ id: 'child-1' }, 'child-1'],
    [{ job_id: 'child-1' }, 'child-1'],
    [{ job_id: 'child-1', id: 7 }, 'child-1'],
  ])('has the id it was given: %j', async (accepted, id) => {
    remote.next(replying(202, accepted));
    remote.results = { text: '' };
    expect((await ask()).service).toBe(id);
  });

  test('cannot lead anywhere by its id', async () => {
    remote.next(replying(200, { id: '../admin?x=' }));
    await expect(ask({ retries: 0 })).rejects.toMatchObject({ code: 'provider_unavailable' });
    expect(remote.asked[1]).toBe('GET /jobs/..%2Fadmin%3Fx%3D');
  });

  test.each([
    ['the video is private', 'provider_refused'],
    [{ detail: 'no model' }, 'provider_refused'],
    [undefined, 'provider_refused'],
    ['the file has no audio stream', 'media_no_audio'],
    ['Invalid data found when processing input', 'media_unreadable'],
  ])('that failed fails with its own words: %j', async (error, code) => {
    remote.states = [{ status: 'failed', error }];
    const said = typeof error === 'string' ? error : JSON.stringify(error ?? 'without a reason').slice(1, -1);
    await expect(ask()).rejects.toMatchObject({ code, message: expect.stringContaining(said) });
  });
});

describe('E80: a call that goes wrong', () => {
  test.each([
    ['500', replying(500, 'oops')],
    ['503', replying(503, 'later')],
    ['408', replying(408, 'slow')],
    ['425', replying(425, 'early')],
    ['429', replying(429, 'many', { 'retry-after': '0' })],
    ['a dead line', hangingUp],
    ['what is no JSON', replying(200, '<html>')],
  ])('with %s is repeated', async (_name, reply) => {
    remote.results = { text: 'all the same' };
    remote.next(replying(200, { id: 'child-1' }), reply, reply, reply);
    expect((await ask()).text).toBe('all the same');
  });

  test('is not repeated for ever', async () => {
    remote.next(...Array(9).fill(replying(502, 'bad gateway')));
    await expect(ask()).rejects.toMatchObject({ code: 'provider_unavailable', message: expect.stringMatching(/502/) });
    expect(remote.asked).toHaveLength(4);
  });

  test.each([400, 401, 404, 413, 422, 302])('with %i is a refusal, and asked once', async (status) => {
    remote.next(replying(status, { detail: 'no such quality' }));
    await expect(ask()).rejects.toMatchObject({
      code: 'provider_refused',
      message: expect.stringMatching(`${status}.*no such quality.*AUDIO_TRANSCRIBER_URL`),
    });
    expect(remote.asked).toHaveLength(1);
  });

  test('with a long Retry-After is the queue’s to repeat', async () => {
    remote.next(replying(429, 'tomorrow', { 'retry-after': '120' }));
    await expect(ask()).rejects.toMatchObject({ code: 'provider_limit', retryAfterSeconds: 120 });
    expect(remote.asked).toHaveLength(1);
  });

  test('because nobody is there names the variable', async () => {
    const gone = { url: 'http://127.0.0.1:1', seconds: 20 };
    const errand = { service: gone, named: 'VIDEO_DOWNLOADER_URL', body: async () => '{}' } as const;
    await expect(byService(errand, services(), running(), async () => ({}))).rejects.toMatchObject({
      code: 'provider_unavailable',
      message: expect.stringMatching(/127\.0\.0\.1:1.*VIDEO_DOWNLOADER_URL/),
    });
  });

  test('because the service has forgotten its job is worth another attempt', async () => {
    remote.next(replying(200, { id: 'child-1' }), ...Array(4).fill(replying(404, '')));
    await expect(ask()).rejects.toMatchObject({ code: 'provider_unavailable', message: /nothing of its job child-1/ });
  });
});

describe('E82: time', () => {
  test('is up: the job is called off, the variable named', async () => {
    remote.states = [{ status: 'processing', progress: 1 }];
    await expect(ask({ seconds: 0.4 })).rejects.toMatchObject({
      code: 'provider_unavailable',
      message: expect.stringMatching('within 0.4 s .AUDIO_TRANSCRIBER_TIMEOUT'),
    });
    expect(remote.asked.at(-1)).toBe('DELETE /jobs/child-1');
  });

  test('is up also where nothing at all is answered', async () => {
    remote.next(silent);
    await expect(ask({ seconds: 0.3 })).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  test('F19: cancelled, the job is called off at once', async () => {
    remote.states = [{ status: 'processing', progress: 1 }];
    const cancel = new AbortController();
    const asking = ask({ signal: cancel.signal });
    await eventually('a look at the job', async () => told.length > 0);
    const reason = new Error('cancelled');
    const at = performance.now();
    cancel.abort(reason);
    await expect(asking).rejects.toBe(reason);
    expect(performance.now() - at).toBeLessThan(700);
    expect(remote.asked.at(-1)).toBe('DELETE /jobs/child-1');
  });
});

describe('files', () => {
  const place = () => ({ path: dir }) as Workplace;
  const download = (maxBytes: number, soundAlone = true) =>
    downloadByService(services({ downloader: remote.service() }), { place: place(), maxBytes })!(
      'https://example.com/watch?v=1',
      { name: 'source' },
      { ...running(), soundAlone },
    );

  test('E71: a download arrives whole, also after the line went dead', async () => {
    remote.results = { download: Buffer.alloc(300_000, 'v') };
    remote.next(replying(200, { id: 'child-1' }), replying(200, { status: 'completed' }), hangingUp);
    expect(await download(1_000_000)).toEqual({ name: 'source', service: 'child-1' });
    expect(await readFile(join(dir, 'source'))).toEqual(Buffer.alloc(300_000, 'v'));
  });

  test('E71: the service is told what to download, and how much of it', async () => {
    remote.results = { download: 'v' };
    await download(10);
    await download(10, false);
    const url = 'https://example.com/watch?v=1';
    expect(remote.errands.map(({ fields }) => fields)).toEqual([
      { url, quality: 'audio' },
      { url, quality: 'best' },
    ]);
  });

  test('an answer that is too long is not let in', async () => {
    remote.results = { download: Buffer.alloc(300_000) };
    await expect(download(100_000)).rejects.toMatchObject({ code: 'provider_nonsense' });
    expect((await stat(join(dir, 'source'))).size).toBeLessThanOrEqual(100_000);
  });

  test('no downloader, nobody who downloads', () => {
    expect(downloadByService(services(), { place: place(), maxBytes: 1 })).toBeUndefined();
  });

  test('a large file is sent from the disk, not from memory', async () => {
    const path = join(dir, 'large.wav');
    await writeFile(path, '');
    await truncate(path, 64 * 1024 ** 2);
    const form = await formOf(path, { remove_noise: true, nothing: undefined });
    expect([...form.keys()]).toEqual(['remove_noise', 'file']);
    const file = form.get('file') as File;
    expect([file.name, file.size]).toEqual(['large.wav', 64 * 1024 ** 2]);
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(32 * 1024 ** 2);
  });
});
