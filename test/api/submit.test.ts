import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../support/client.ts';
import { finishDream, SHORT, type VideoStatus } from '../support/dreams.ts';
import { productOfFile } from '../support/product-of-file.ts';

const { call } = await productOfFile();

interface Dream {
  id: string;
  title: string | null;
  transcript: string;
  video_status: string | null;
  video_job_id: string | null;
}

describe('dreams', () => {
  test('an id the caller brings is the dream’s; brought twice, it is taken', async () => {
    const id = randomUUID();
    const first = await call<Dream>('POST', '/dreams', { id, ...SHORT });
    expect([first.status, first.body.id, first.headers.get('location')]).toEqual([201, id, `/dreams/${id}`]);
    expect((await call('POST', '/dreams', { id, ...SHORT })).status).toBe(409);
  });

  test('finish, exactly as document 001 has it: 202 with job_id, queued, null; then 200 with the same job', async () => {
    const { body: dream } = await call<Dream>('POST', '/dreams', SHORT);
    const first = await call('POST', `/dreams/${dream.id}/finish`);
    expect(first.status).toBe(202);
    expect(first.body).toEqual({ job_id: expect.any(String), status: 'queued', video_url: null });
    expect(first.headers.get('location')).toBe(`/dreams/${dream.id}/video-status`);
    const second = await call('POST', `/dreams/${dream.id}/finish`, '', { 'content-type': 'application/json' });
    expect(second.status).toBe(200);
    expect(second.body).toMatchObject(first.body);
    expect((await call('GET', `/dreams/${dream.id}/video-status`)).body).toMatchObject({
      ...first.body,
      queue_position: expect.any(Number),
    });
  });

  test('F17: fifty finishes at once make one job', async () => {
    const { body: dream } = await call<Dream>('POST', '/dreams', SHORT);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => call<VideoStatus>('POST', `/dreams/${dream.id}/finish`)),
    );
    expect(new Set(answers.map(({ body }) => body.job_id)).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(49).fill(200), 202]);
  });

  test('a status before any finish says what to do', async () => {
    const { body: dream } = await call<Dream>('POST', '/dreams', SHORT);
    const { status, body } = await call('GET', `/dreams/${dream.id}/video-status`);
    expect([status, body.code]).toEqual([404, 'no_video_yet']);
    expect(body.detail).toContain(`/dreams/${dream.id}/finish`);
  });

  test('a cancelled video is made anew by the next finish', async () => {
    const { id, jobId } = await finishDream(call);
    await call('POST', `/jobs/${jobId}/cancel`);
    const again = await call<VideoStatus>('POST', `/dreams/${id}/finish`);
    expect(again.status).toBe(202);
    expect(again.body.job_id).not.toBe(jobId);
  });

  test('changing a dream: not while its video is made; afterwards the next finish makes a new one', async () => {
    const { id, jobId } = await finishDream(call);
    expect((await call('PATCH', `/dreams/${id}`, { title: 'New' })).status).toBe(409);
    await call('POST', `/jobs/${jobId}/cancel`);
    const { body } = await call<Dream>('PATCH', `/dreams/${id}`, { title: 'New' });
    expect(body).toMatchObject({ title: 'New', transcript: SHORT.transcript, video_status: null, video_job_id: null });
  });

  test('deleting a dream cancels what is made of it', async () => {
    const { id, jobId } = await finishDream(call);
    expect((await call('DELETE', `/dreams/${id}`)).status).toBe(204);
    expect((await call('GET', `/dreams/${id}`)).status).toBe(404);
    expect((await call('GET', `/jobs/${jobId}`)).status).toBe(404);
    expect((await call('DELETE', `/dreams/${id}`)).status).toBe(404);
  });

  test('pages go through all of them, once each', async () => {
    const made = await Promise.all(Array.from({ length: 7 }, () => call<Dream>('POST', '/dreams', SHORT)));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor ? `&cursor=${cursor}` : '';
      const { body } = await call<{ dreams: Dream[]; next_cursor: string | null }>('GET', `/dreams?limit=3${query}`);
      seen.push(...body.dreams.map(({ id }) => id));
      cursor = body.next_cursor;
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(made.map(({ body }) => body.id)));
  });
});

describe('jobs', () => {
  const job = (more: object = {}) => ({ pipeline: 'dream', input: { dreamId: randomUUID(), ...SHORT }, ...more });

  test('F1: any pipeline; metadata comes back untouched; the dream it is for is made with it', async () => {
    const submission = job({ metadata: { order: 7, tags: ['a'] }, priority: 'high' });
    const { status, body, headers } = await call('POST', '/jobs', submission);
    expect(status).toBe(202);
    expect(body).toMatchObject({
      pipeline: 'dream',
      status: 'queued',
      priority: 'high',
      metadata: { order: 7, tags: ['a'] },
      progress: 0,
    });
    expect(headers.get('location')).toBe(`/jobs/${body.job_id}`);
    expect((await call<Dream>('GET', `/dreams/${submission.input.dreamId}`)).body.video_job_id).toBe(body.job_id);
  });

  test('F2: the same idempotency key is the same job, also a hundred at once; another body with it is a mistake', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const submission = job();
    // As a good caller does: 503 says that nothing was lost and that it is safe to ask again.
    const patiently = async (): Promise<Answer> => {
      const answer = await call('POST', '/jobs', submission, key);
      return answer.status === 503 ? patiently() : answer;
    };
    const answers = await Promise.all(Array.from({ length: 100 }, patiently));
    expect(new Set(answers.map(({ body }) => body.job_id)).size).toBe(1);
    // None at all, when the one that made it was told 503.
    expect(answers.filter(({ status }) => status === 202).length).toBeLessThanOrEqual(1);
    const other = await call('POST', '/jobs', { ...submission, priority: 'low' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  test('F52: filtered and counted', async () => {
    const { body: made } = await call('POST', '/jobs', job());
    await call('POST', `/jobs/${made.job_id}/cancel`);
    const { body } = await call<{ total: number; jobs: { job_id: string; status: string }[] }>(
      'GET',
      '/jobs?status=cancelled&limit=1',
    );
    expect(body.jobs.map(({ status }) => status)).toEqual(['cancelled']);
    expect(body.total).toBeGreaterThanOrEqual(1);
  });

  test('cancel twice is one cancel; a retry brings it back; a live job cannot be retried', async () => {
    const { body: made } = await call('POST', '/jobs', job());
    expect((await call('POST', `/jobs/${made.job_id}/cancel`)).body.status).toBe('cancelled');
    expect((await call('POST', `/jobs/${made.job_id}/cancel`)).status).toBe(200);
    const unknown = await call('POST', `/jobs/${made.job_id}/retry`, { from: 'nowhere' });
    expect([unknown.status, unknown.body.code]).toEqual([422, 'unknown_stage']);
    const again = await call('POST', `/jobs/${made.job_id}/retry`);
    expect([again.status, again.body.status, again.body.run]).toEqual([202, 'queued', 1]);
    expect((await call('POST', `/jobs/${made.job_id}/retry`)).status).toBe(409);
  });
});

describe('F53: health', () => {
  test('each dependency by name', async () => {
    const { body } = await call<{ checks: object }>('GET', '/readyz');
    expect(body).toMatchObject({
      status: 'ready',
      checks: { database: { status: 'healthy' }, queue: { status: 'healthy' }, storage: { status: 'healthy' } },
    });
  });
  test('F54: figures for Prometheus', async () => {
    const { body } = await call<string>('GET', '/metrics');
    expect(body).toMatch(/reverie_jobs\{pipeline="dream",status="queued"\} \d+/);
    expect(body).toMatch(/reverie_oldest_waiting_seconds|reverie_tasks\{/);
    expect(body).toMatch(/reverie_http_request_seconds_bucket\{.*route="\/dreams\/:id\/finish"/);
  });
});
