import { expect, test } from 'vitest';
import { callbackEvent, callbackJob } from './callback-words.ts';
import type { Job } from './queries/jobs.ts';

test.each([
  ['job.completed', {}, 'job.completed'],
  ['job.queued', {}, undefined],
  ['task.completed', { stage: 'preview' }, 'preview.ready'],
  ['task.completed', { stage: 'film' }, undefined],
  ['task.failed', { stage: 'preview' }, undefined],
  ['job.changed', {}, undefined],
])('%s %j is told as %s', (type, data, told) => expect(callbackEvent(type, data)).toBe(told));

test('a callback stays under 20 kB and keeps commands and logs to itself', () => {
  const job = {
    metadata: { long: 'x'.repeat(200_000) },
    error: { code: 'ffmpeg_failed', stage: 'film', message: '\u0001😀'.repeat(2_000), command: 'ffmpeg', log: 'lines' },
  } as unknown as Job;
  const told = callbackJob(job);
  expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(19_000);
  expect(told).toMatchObject({ metadata: null, metadata_left_out: true });
  expect(Object.keys(told.error!)).toEqual(['code', 'stage', 'message']);
  expect(told.error!.message.isWellFormed()).toBe(true);
  const small = callbackJob({ ...job, metadata: { order: 7 }, error: null });
  expect([small.metadata, 'metadata_left_out' in small, 'error' in small]).toEqual([{ order: 7 }, false, false]);
});
