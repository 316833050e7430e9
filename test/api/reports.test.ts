import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { finishDream, type VideoStatus } from '../support/dreams.ts';
import { productOfFile } from '../support/product-of-file.ts';
import { taskOf } from '../support/tasks.ts';
import { wireWorker } from '../support/wire-worker.ts';

const { product, call, wire } = await productOfFile();

describe('what is done about a failure is read off the table (F20)', () => {
  const fail = async (code: string, times: number) => {
    const { id, jobId } = await finishDream(call);
    const task = await taskOf(product, jobId, 'storyboard');
    const verdicts: (string | undefined)[] = [];
    for (let i = 0; i < times; i++) {
      const { body } = await wire.claim(task.id);
      const report = {
        status: 'failed',
        error: { code, message: 'so it goes', command: 'ffmpeg -i x', log: 'the end' },
      };
      verdicts.push((await wire.report({ taskId: task.id, attempt: body.attempt }, report as never)).body.verdict);
    }
    const { body: status } = await call<VideoStatus>('GET', `/dreams/${id}/video-status`);
    return { jobId, verdicts, status };
  };
  test('never: the job fails at once, and shows stage, code, message, command and log', async () => {
    const { jobId, verdicts, status } = await fail('input_invalid', 1);
    expect([verdicts, status.status]).toEqual([['accepted'], 'failed']);
    const { body } = await call('GET', `/jobs/${jobId}`);
    expect(body.error).toEqual({
      stage: 'storyboard',
      code: 'input_invalid',
      message: 'so it goes',
      command: 'ffmpeg -i x',
      log: 'the end',
      fault: 'caller',
    });
  });
  test('later: three attempts, then the job fails', async () => {
    const { verdicts, status } = await fail('provider_unavailable', 3);
    expect([verdicts, status.status]).toEqual([['retry', 'retry', 'accepted'], 'failed']);
  });
  test('F16 not counted: a provider that is full costs no attempt', async () => {
    const { verdicts, status } = await fail('provider_limit', 6);
    expect([verdicts, status.status]).toEqual([Array(6).fill('retry'), 'processing']);
  });
  test('a worker that lives and only lost its lease took no harm: no poison', async () => {
    const { id, jobId } = await finishDream(call);
    const task = await taskOf(product, jobId, 'storyboard');
    for (let i = 0; i < 6; i++) expect((await wire.claim(task.id, { worker: 'alive' })).status).toBe(200);
    const { body } = await call<VideoStatus>('GET', `/dreams/${id}/video-status`);
    expect(body.status).toBe('processing');
  });
  test('three workers that vanish over the same task: poison', async () => {
    const { id, jobId } = await finishDream(call);
    const task = await taskOf(product, jobId, 'storyboard');
    for (const worker of ['a', 'b', 'c']) expect((await wire.claim(task.id, { worker })).status).toBe(200);
    expect((await wire.claim(task.id, { worker: 'd' })).status).toBe(409);
    const { body } = await call<VideoStatus>('GET', `/dreams/${id}/video-status`);
    expect([body.status, body.error?.code]).toEqual(['failed', 'poison']);
  });
  test('F24: handing back charges nothing', async () => {
    const { jobId } = await finishDream(call);
    const task = await taskOf(product, jobId, 'storyboard');
    await wire.claim(task.id);
    await wire.report({ taskId: task.id, attempt: 1 }, { status: 'released' });
    expect(await taskOf(product, jobId, 'storyboard')).toMatchObject({
      status: 'dispatched',
      failures: 0,
      crashes: 0,
      attempt: 1,
    });
  });
});

describe('video-complete is signed, fenced and idempotent (B17–B24)', () => {
  const body = { status: 'failed', error: 'no reason' };
  const MANIPULATIONS: [
    what: string,
    (headers: Record<string, string>, text: string) => { headers: Record<string, string>; text: string },
  ][] = [
    ['without a signature', (headers, text) => ({ headers: { ...headers, 'webhook-signature': '' }, text })],
    ['altered', (headers, text) => ({ headers, text: text.replace('no reason', 'any reason') })],
    [
      'with another id',
      (headers, text) => ({ headers: { ...headers, 'webhook-id': `${randomUUID()}.1.failed` }, text }),
    ],
    [
      'with a later time',
      (headers, text) => ({
        headers: { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) },
        text,
      }),
    ],
  ];
  test.each(MANIPULATIONS)('%s: 401, and nothing has changed', async (_what, manipulate) => {
    const { id } = await finishDream(call);
    const { Webhook } = await import('standardwebhooks');
    const text = JSON.stringify(body);
    const at = new Date();
    const webhookId = `${randomUUID()}.1.failed`;
    const good = {
      'webhook-id': webhookId,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(product.reportSecret).sign(webhookId, at, text),
    };
    const sent = manipulate(good, text);
    const answer = await call('POST', `/dreams/${id}/video-complete`, sent.text, {
      ...sent.headers,
      'content-type': 'application/json',
    });
    expect([answer.status, answer.body.code]).toEqual([401, 'bad_signature']);
    expect((await call<VideoStatus>('GET', `/dreams/${id}/video-status`)).body.status).toBe('queued');
  });
  test('signed with another key, or six minutes ago: 401', async () => {
    const { id } = await finishDream(call);
    const stranger = wireWorker(product.url, 'whsec_c3RyYW5nZXJzdHJhbmdlcnN0cmFuZ2Vyc3RyYW5nZXI=');
    const path = `/dreams/${id}/video-complete`;
    expect((await stranger.signed(path, `${randomUUID()}.1.failed`, body)).status).toBe(401);
    expect((await wire.signed(path, `${randomUUID()}.1.failed`, body, new Date(Date.now() - 360_000))).status).toBe(
      401,
    );
  });
  test('signed, but of no attempt of this dream: 409', async () => {
    const { id, jobId } = await finishDream(call);
    const task = await taskOf(product, jobId, 'storyboard');
    await wire.claim(task.id);
    for (const webhookId of ['msg_1', `${randomUUID()}.1.failed`, `${task.id}.1.failed`]) {
      const answer = await wire.signed<{ code: string }>(`/dreams/${id}/video-complete`, webhookId, body);
      expect([answer.status, answer.body.code]).toEqual([409, 'stale']);
    }
  });
});
