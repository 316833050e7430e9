import { expect, test } from 'vitest';
import { productOfFile } from '../support/product-of-file.ts';
import { taskOf } from '../support/tasks.ts';

const { product, call, wire } = await productOfFile();

interface Job {
  job_id: string;
  status: string;
  progress: number;
  stages: { name: string; state: string; progress: number; skipped_because?: string; ended_at: string | null }[];
}

async function report(jobId: string, stage: string, output: Record<string, unknown>) {
  const { id } = await taskOf(product, jobId, stage);
  const { body } = await wire.claim(id);
  const told = await wire.report({ taskId: id, attempt: body.attempt }, { status: 'completed', output });
  expect([stage, told.body.verdict]).toEqual([stage, 'accepted']);
}
const look = async (id: string) => (await call<Job>('GET', `/jobs/${id}`)).body;
const statesOf = ({ stages }: Job) => Object.fromEntries(stages.map(({ name, state }) => [name, state]));

const facts = { duration: 4, video: { codec: 'h264', width: 2, height: 2, pixelFormat: 'yuv420p', fps: 30 } };
const file = (name: string) => ({ key: `left-out/${name}`, bytes: 1, contentType: 'video/mp4' });
const prepared = { video: file('video.mp4'), videoFacts: facts, recording: null, cuts: [], remuxed: true };

test('F34: what nobody here can do is left out with its reason, counts as done, and what follows goes on', async () => {
  const { body: job } = await call<Job>('POST', '/jobs', {
    pipeline: 'analysis',
    input: { sourceUrl: 'https://videos.example/a.mp4' },
  });
  expect(statesOf(job)).toMatchObject({ download: 'waiting', transcribe: 'pending', vision: 'pending' });
  await report(job.job_id, 'download', { media: file('source.mp4'), facts });
  const recording = { audio: file('audio.flac'), duration: 4, rests: [] };
  await report(job.job_id, 'normalise', { ...prepared, recording });

  const half = await look(job.job_id);
  expect(statesOf(half)).toMatchObject({ transcribe: 'skipped', scenes: 'waiting', vision: 'pending' });
  expect(half.stages.find(({ name }) => name === 'transcribe')).toMatchObject({
    skipped_because: expect.stringContaining('TRANSCRIBE_BASE_URL'),
    progress: 100,
    ended_at: null,
  });
  // Of the weights 1 + 6 + 4 + 1 + 1 + 4 + 1 + 1 the first three are over.
  expect(half.progress).toBe(57.9);

  await report(job.job_id, 'scenes', { scenes: [{ start: 0, end: 4 }] });
  const frame = { scene: 0, time: 2, picture: file('frame.jpg'), hash: '0'.repeat(16) };
  await report(job.job_id, 'frames', { frames: [frame], framesDropped: 0 });
  expect(statesOf(await look(job.job_id))).toMatchObject({ vision: 'skipped', embed: 'skipped', result: 'waiting' });
});

test('what was not asked for, and what there is nothing to do for, says so', async () => {
  const { body: job } = await call<Job>('POST', '/jobs', {
    pipeline: 'analysis',
    input: { sourceUrl: 'https://videos.example/b.mp4', visionAnalysis: false, transcription: false },
  });
  await report(job.job_id, 'download', { media: file('source.mp4'), facts });
  await report(job.job_id, 'normalise', prepared);
  await report(job.job_id, 'scenes', { scenes: [{ start: 0, end: 4 }] });
  await report(job.job_id, 'frames', { frames: [], framesDropped: 0 });
  const because = (await look(job.job_id)).stages.flatMap(({ name, skipped_because }) =>
    skipped_because === undefined ? [] : [[name, skipped_because]],
  );
  expect(because).toEqual([
    ['transcribe', 'it was not asked for'],
    ['vision', 'it was not asked for'],
    ['embed', expect.stringContaining('EMBED_BASE_URL')],
  ]);
});

test('a retry leaves out what was left out before', async () => {
  const { body: job } = await call<Job>('POST', '/jobs', {
    pipeline: 'analysis',
    input: { sourceUrl: 'https://videos.example/c.mp4' },
  });
  await report(job.job_id, 'download', { media: file('source.mp4'), facts });
  await report(job.job_id, 'normalise', prepared);
  await call('POST', `/jobs/${job.job_id}/cancel`);
  const { body: again } = await call<Job>('POST', `/jobs/${job.job_id}/retry`);
  expect(statesOf(again)).toMatchObject({ normalise: 'completed', transcribe: 'skipped', scenes: 'waiting' });
  await call('POST', `/jobs/${job.job_id}/cancel`);
  const { body: anew } = await call<Job>('POST', `/jobs/${job.job_id}/retry`, { from: 'transcribe' });
  expect(statesOf(anew)).toMatchObject({ normalise: 'completed', transcribe: 'skipped', scenes: 'waiting' });
});
