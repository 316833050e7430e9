import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { productOfFile } from '../support/product-of-file.ts';
import { taskOf } from '../support/tasks.ts';
import { CAPTIONS, type CaptionsJob, captioner, SAID } from '../support/wire-captions.ts';

const { product, call, wire } = await productOfFile({ env: { ...CAPTIONS, DEFAULT_REMOVE_NOISE: 'false' } });
const { begin, finish, run, whole } = captioner(product, wire);

let videos = 0;
const aVideo = () => `https://videos.example/${++videos}.mp4`;
const start = async (more: object = {}) =>
  String((await call('POST', '/pipeline', { youtube_url: aVideo(), ...more })).body.job_id);
const look = async (id: string) => (await call<CaptionsJob>('GET', `/jobs/${id}`)).body;

describe('POST /pipeline', () => {
  test('E1–E14: the document’s body, and exactly the document’s answer', async () => {
    const youtube_url = aVideo();
    const { status, headers, body } = await call('POST', '/pipeline', {
      youtube_url,
      language: 'auto',
      language_out: null,
      remove_noise: true,
      convert_to_mono: true,
      apply_highpass_filter: false,
      set_sample_rate_16k: true,
      isolate_vocals: false,
    });
    expect(status).toBe(202);
    expect(body).toEqual({
      job_id: expect.any(String),
      status: 'queued',
      message: expect.any(String),
      youtube_url,
      overall_progress: 0,
    });
    expect(headers.get('location')).toBe(`/jobs/${body.job_id}`);
  });

  test('what is left out is as the operator has set it; what is said stands', async () => {
    const quiet = await call('GET', `/jobs/${await start()}`);
    expect(quiet.body.input).toMatchObject({ language: 'auto', removeNoise: false, convertToMono: true });
    const loud = await call('GET', `/jobs/${await start({ language: 'pt-BR', remove_noise: true })}`);
    expect(loud.body.input).toMatchObject({ language: 'pt-BR', removeNoise: true });
  });

  test('ours go with it: priority, metadata, and a key that makes one job', async () => {
    const body = { source_url: aVideo(), priority: 'high', metadata: { order: 7 } };
    const key = { 'idempotency-key': 'one' };
    const first = await call('POST', '/pipeline', body, key);
    const again = await call('POST', '/pipeline', body, key);
    expect([first.status, again.status, again.body.job_id]).toEqual([202, 200, first.body.job_id]);
    expect(first.body.youtube_url).toBe(body.source_url);
    expect((await call('GET', `/jobs/${first.body.job_id}`)).body).toMatchObject({
      priority: 'high',
      metadata: { order: 7 },
    });
    const other = await call('POST', '/pipeline', { ...body, priority: 'low' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
  });

  const REFUSED: [string, object, string, string][] = [
    ['nothing', {}, 'invalid_request', '/youtube_url'],
    ['two of them', { youtube_url: aVideo(), source_url: aVideo() }, 'invalid_request', '/youtube_url'],
    ['no address', { youtube_url: 'a video' }, 'invalid_input', '/youtube_url'],
    ['no address by the other name', { source_url: 'a video' }, 'invalid_input', '/source_url'],
    ['a language of ours', { youtube_url: aVideo(), language: 'Klingon!' }, 'invalid_input', '/language'],
    ['a translation into it', { youtube_url: aVideo(), language_out: 'x' }, 'invalid_input', '/language_out'],
    ['a word for a switch', { youtube_url: aVideo(), remove_noise: 'yes' }, 'invalid_request', '/remove_noise'],
    ['a field nobody knows', { youtube_url: aVideo(), removeNoise: true }, 'invalid_request', '/removeNoise'],
    ['vocals', { youtube_url: aVideo(), isolate_vocals: true }, 'not_configured', '/isolate_vocals'],
    ['a translator', { youtube_url: aVideo(), language_out: 'pt' }, 'not_configured', '/language_out'],
    ['yt-dlp', { youtube_url: 'https://youtu.be/dQw4w9WgXcQ' }, 'not_configured', '/youtube_url'],
  ];
  test.each(REFUSED)('%s: refused with the field as it was sent', async (_, body, code, pointer) => {
    const answer = await call<{ code: string; errors: { pointer: string }[] }>('POST', '/pipeline', body);
    expect([answer.status, answer.body.code, answer.body.errors[0]?.pointer]).toEqual([422, code, pointer]);
  });

  test('what is not configured is named with its setting', async () => {
    const { body } = await call('POST', '/pipeline', { youtube_url: aVideo(), isolate_vocals: true });
    expect(body.detail).toContain('AUDIO_NORMALIZATION_URL');
  });
});

describe('GET /jobs/:id of a caption job', () => {
  test('E15–E38: the document’s fields, as far as there is something to say', async () => {
    const id = await start();
    expect(await look(id)).toMatchObject({
      job_id: id,
      youtube_url: `https://videos.example/${videos}.mp4`,
      status: 'queued',
      overall_progress: 0,
      completed_at: null,
      stages: {
        download: { status: 'queued', progress: 0, started_at: null, completed_at: null },
        normalization: { status: 'pending', job_id: null, progress: 0, started_at: null, completed_at: null },
        transcription: { status: 'pending', job_id: null, progress: 0, started_at: null, completed_at: null },
      },
      transcription_text: null,
      transcription_segments: null,
      transcription_file: null,
      audio_file: null,
      srt_url: null,
      language: null,
    });
    await run(id, 'download', { downloadedBy: 'FtnKP8fSSdc_audio' });
    await run(id, 'normalise');
    const at = await begin(id, 'transcribe');
    const { stages, ...under } = await look(id);
    expect(under).toMatchObject({
      status: 'transcribing',
      audio_file: 'audio_normalized.flac',
      transcription_file: null,
    });
    expect(stages.download).toEqual({
      status: 'completed',
      job_id: 'FtnKP8fSSdc_audio',
      progress: 100,
      started_at: expect.any(String),
      completed_at: expect.any(String),
    });
    expect(stages.normalization.job_id).toBe((await taskOf(product, id, 'normalise')).id);
    expect(stages.transcription).toMatchObject({ status: 'processing', completed_at: null });
    await finish(id, 'transcribe', at);
    expect(await look(id)).toMatchObject({ status: 'transcribing', transcription_text: 'Good morning. It is late.' });
    await run(id, 'subtitles');
    const done = await look(id);
    expect(done).toMatchObject({
      status: 'completed',
      overall_progress: 100,
      transcription_segments: [
        { ...SAID[0], duration: 2.4 },
        { ...SAID[1], duration: 2.5 },
      ],
      transcription_file: 'transcription.srt',
      language: 'en',
      completed_at: expect.any(String),
    });
    for (const [url, file] of Object.entries({
      srt_url: 'transcription.srt',
      vtt_url: 'transcription.vtt',
      json_url: 'transcription.json',
      audio_url: 'audio_normalized.flac',
    })) {
      expect(done).toMatchObject({ [url]: expect.stringMatching(`/artifacts/jobs/${id}/.*/${file}\\?expires=`) });
    }
  });

  test('all that other jobs tell, too, with the stages beside the document’s; others keep theirs', async () => {
    const id = await start();
    expect((await look(id)).stage_list.map(({ name, state }) => [name, state])).toEqual([
      ['download', 'waiting'],
      ['normalise', 'pending'],
      ['transcribe', 'pending'],
      ['subtitles', 'pending'],
    ]);
    const { body } = await call('POST', '/jobs', { pipeline: 'selftest', input: {} });
    expect(body.stages).toMatchObject([{ name: 'write' }, { name: 'read' }, { name: 'check' }]);
    expect(body).not.toHaveProperty('stage_list');
    // Whatever is asked of it, a caption job is shown in the same way.
    for (const ask of [
      () => call('POST', `/jobs/${id}/cancel`),
      () => call('POST', `/jobs/${id}/retry`),
      () => call('PATCH', `/jobs/${id}`, { priority: 'low' }),
      () => call('POST', '/jobs', { pipeline: 'captions', input: { sourceUrl: aVideo() } }),
    ])
      expect((await ask()).body.stages).toHaveProperty('download.status');
  });

  test('E83: what went wrong is told; a stage that failed says so', async () => {
    const id = await start();
    const at = await begin(id, 'download');
    await wire.report(at, { status: 'failed', error: { code: 'source_missing', message: 'there is nothing (404)' } });
    const job = await look(id);
    expect(job).toMatchObject({
      status: 'failed',
      error: { code: 'source_missing', message: 'there is nothing (404)' },
    });
    expect(job.stages.download).toMatchObject({ status: 'failed', completed_at: null });
  });

  test('E39–E42: the list has the total, and rows with the document’s fields', async () => {
    const id = await start();
    const { body } = await call<{ total: number; jobs: object[] }>('GET', '/jobs?limit=2');
    expect(body.total).toBeGreaterThan(2);
    expect(body.jobs).toHaveLength(2);
    expect(body.jobs[0]).toMatchObject({
      job_id: id,
      youtube_url: `https://videos.example/${videos}.mp4`,
      status: 'queued',
      progress: 0,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
  });
});

test('the document’s own example: submit, ask until it is done, print', async () => {
  const submitted = await fetch(`${product.url}/pipeline`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ youtube_url: aVideo(), language: 'auto' }),
  });
  const { job_id: jobId } = (await submitted.json()) as CaptionsJob;
  const working = whole(jobId);
  const printed: string[] = [];
  let data: CaptionsJob;
  for (;;) {
    data = (await (await fetch(`${product.url}/jobs/${jobId}`)).json()) as CaptionsJob;
    printed.push(`Status: ${data.status}, Progress: ${data.overall_progress}%`);
    if (['completed', 'failed'].includes(data.status)) break;
    await sleep(20);
  }
  await working;
  expect(printed.at(-1)).toBe('Status: completed, Progress: 100%');
  expect(data.transcription_text!.slice(0, 200)).toBe('Good morning. It is late.');
  expect(data.transcription_segments).toHaveLength(2);
});
