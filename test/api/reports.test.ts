import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, clientOf } from '../support/client.ts';
import { withClient } from '../support/database.ts';
import { finishDream, type VideoStatus } from '../support/dreams.ts';
import { type Product, startProduct } from '../support/product.ts';
import { wireWorker } from '../support/wire-worker.ts';

let product: Product;
let call: Client;
let wire: ReturnType<typeof wireWorker>;
beforeAll(async () => {
  product = await startProduct();
  call = clientOf(product.url);
  wire = wireWorker(product.url, product.reportSecret);
});
afterAll(() => product[Symbol.asyncDispose]());

const STORYBOARD = {
  storyboard: {
    title: 'A',
    scenes: [
      { text: 'one', prompt: 'one' },
      { text: 'two', prompt: 'two' },
    ],
    provider: 'wire',
    cost: 0,
  },
};

/** The ids of a job's tasks, by stage and part. */
const tasksOf = (jobId: string) =>
  withClient(product.databaseUrl, async (client) => {
    const { rows } = await client.query('select * from tasks where job_id = $1 order by created_at, stage, part', [
      jobId,
    ]);
    return rows as {
      id: string;
      stage: string;
      part: number;
      status: string;
      attempt: number;
      failures: number;
      crashes: number;
    }[];
  });
const taskOf = async (jobId: string, stage: string, part = 0) =>
  (await tasksOf(jobId)).find((task) => task.stage === stage && task.part === part)!;

describe('a claim is the fence (K2)', () => {
  test('the same claim again gets the same attempt; another one makes it stale', async () => {
    const { jobId } = await finishDream(call);
    const task = await taskOf(jobId, 'storyboard');
    const claimId = randomUUID();
    const first = await wire.claim(task.id, { claimId });
    const again = await wire.claim(task.id, { claimId });
    const other = await wire.claim(task.id);
    expect([first.body.attempt, again.body.attempt, other.body.attempt]).toEqual([1, 1, 2]);

    const late = await wire.report({ taskId: task.id, attempt: 1 }, { status: 'completed', output: STORYBOARD });
    expect([late.status, late.body.code]).toEqual([409, 'stale']);
    const good = await wire.report({ taskId: task.id, attempt: 2 }, { status: 'completed', output: STORYBOARD });
    expect([good.status, good.body.verdict]).toEqual([200, 'accepted']);
  });

  test('an entry of an earlier run, and a task that has ended, cannot be claimed', async () => {
    const { jobId } = await finishDream(call);
    const task = await taskOf(jobId, 'storyboard');
    expect((await wire.claim(task.id, { run: 1 })).status).toBe(409);
    await call('POST', `/jobs/${jobId}/cancel`);
    expect((await wire.claim(task.id)).status).toBe(409);
    expect((await wire.claim(randomUUID())).status).toBe(409);
  });

  test('F47: ten equal reports at once are one effect, and every one is answered', async () => {
    const { jobId } = await finishDream(call);
    const task = await taskOf(jobId, 'storyboard');
    await wire.claim(task.id);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        wire.report({ taskId: task.id, attempt: 1 }, { status: 'completed', output: STORYBOARD }),
      ),
    );
    const verdicts = answers.map(({ body }) => body.verdict).sort();
    expect(verdicts).toEqual(['accepted', ...Array(9).fill('replayed')]);
    expect((await tasksOf(jobId)).map(({ stage, part }) => `${stage}.${part}`)).toEqual([
      'storyboard.0',
      'narration.0',
      'pictures.0',
      'pictures.1',
    ]);
  });

  test('an output that is not what the stage gives is no result', async () => {
    const { jobId } = await finishDream(call);
    const task = await taskOf(jobId, 'storyboard');
    await wire.claim(task.id);
    const answer = await wire.report(
      { taskId: task.id, attempt: 1 },
      { status: 'completed', output: { storyboard: 'nice' } },
    );
    expect(answer.body.verdict).toBe('retry');
    expect(await taskOf(jobId, 'storyboard')).toMatchObject({ status: 'dispatched', failures: 1 });
  });
});

describe('what is done about a failure is read off the table (F20)', () => {
  const fail = async (code: string, times: number) => {
    const { id, jobId } = await finishDream(call);
    const task = await taskOf(jobId, 'storyboard');
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
  test('a worker that vanishes three times over the same task: poison', async () => {
    const { id, jobId } = await finishDream(call);
    const task = await taskOf(jobId, 'storyboard');
    for (let i = 0; i < 3; i++) expect((await wire.claim(task.id)).status).toBe(200);
    expect((await wire.claim(task.id)).status).toBe(409);
    const { body } = await call<VideoStatus>('GET', `/dreams/${id}/video-status`);
    expect([body.status, body.error?.code]).toEqual(['failed', 'poison']);
  });
  test('F24: handing back charges nothing', async () => {
    const { jobId } = await finishDream(call);
    const task = await taskOf(jobId, 'storyboard');
    await wire.claim(task.id);
    await wire.report({ taskId: task.id, attempt: 1 }, { status: 'released' });
    expect(await taskOf(jobId, 'storyboard')).toMatchObject({
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
    const task = await taskOf(jobId, 'storyboard');
    await wire.claim(task.id);
    for (const webhookId of ['msg_1', `${randomUUID()}.1.failed`, `${task.id}.1.failed`]) {
      const answer = await wire.signed<{ code: string }>(`/dreams/${id}/video-complete`, webhookId, body);
      expect([answer.status, answer.body.code]).toEqual([409, 'stale']);
    }
  });
});

test('the database itself keeps the fence rising and ends final', async () => {
  const { jobId } = await finishDream(call);
  await call('POST', `/jobs/${jobId}/cancel`);
  await withClient(product.databaseUrl, async (client) => {
    await expect(client.query(`update jobs set status = 'completed' where id = $1`, [jobId])).rejects.toThrow(/final/);
    await expect(client.query(`update tasks set status = 'running' where job_id = $1`, [jobId])).rejects.toThrow(
      /final/,
    );
    await client.query('update tasks set attempt = 5 where job_id = $1', [jobId]);
    await expect(client.query('update tasks set attempt = 4 where job_id = $1', [jobId])).rejects.toThrow(
      /attempt may not go back/,
    );
  });
});
