import { afterAll, describe, expect, test } from 'vitest';
import { clientOf } from '../support/client.ts';
import { withClient } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { startProduct } from '../support/product.ts';
import { productOfFile } from '../support/product-of-file.ts';
import { PODS, podWorker } from '../support/wire-pods.ts';

interface Post {
  id: string;
  has_subtitles: boolean;
  subtitle_status: string | null;
  subtitle_error: string | null;
  subtitle_job_id: string | null;
  subtitle_vtt_url: string | null;
  subtitle_hls_master: string | null;
  subtitle_manifest: Record<string, unknown> | null;
  waits_for: string | null;
  job: Record<string, unknown> | null;
  links: { subtitle_vtt: string | null; subtitle_hls_master: string | null };
}

const { product, call, wire } = await productOfFile({ env: PODS });
const pod = podWorker(product, wire);
const sql = <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
  withClient(product.databaseUrl, async (client) => (await client.query<T>(text, values)).rows);
const insert = async (columns: Record<string, unknown>): Promise<string> => {
  const names = Object.keys(columns);
  const places = names.map((_, i) => `$${i + 1}`);
  const [row] = await sql<{ id: string }>(
    `insert into posts (${names.join(', ')}) values (${places.join(', ')}) returning id`,
    Object.values(columns),
  );
  return row!.id;
};
const post = async (id: string): Promise<Post> => (await call<Post>('GET', `/posts/${id}`)).body;
const withJob = (id: string, not?: string | null): Promise<Post & { subtitle_job_id: string }> =>
  eventually(`post ${id} to have a job`, async () => {
    const seen = await post(id);
    return (
      seen.subtitle_job_id !== null && seen.subtitle_job_id !== not && (seen as Post & { subtitle_job_id: string })
    );
  });

describe('F7 F49 A1–A37: posts', () => {
  test('a row that another program writes gets a job, and is patched with what the pod made, in one commit', async () => {
    const id = await insert({ hls_s3_key: 'posts/1/master.m3u8', target_lang: 'de', enable_dubbing: true });
    const seen = await withJob(id);
    expect(seen.job).toMatchObject({
      post_id: id,
      s3_input_key: 'posts/1/master.m3u8',
      status: 'pending',
      pod_response: null,
    });
    const { body: job } = await call<{ input: object }>('GET', `/jobs/${seen.subtitle_job_id}`);
    expect(job.input).toEqual({
      inputKey: 'posts/1/master.m3u8',
      postId: id,
      sourceLang: 'auto',
      targetLang: 'de',
      dubbing: true,
      hlsSegment: 6,
    });

    const made = await pod.run(seen.subtitle_job_id, { words: 12 });
    const [row] = await sql('select * from posts where id = $1', [id]);
    expect(row).toMatchObject({
      has_subtitles: true,
      subtitle_vtt_url: `${product.url}/artifacts/${made.vtt.key}`,
      subtitle_hls_master: `${product.url}/artifacts/${made.hlsMaster.key}`,
      subtitle_manifest: { job_id: seen.subtitle_job_id, words: 12 },
      subtitle_status: 'completed',
    });
    const done = await post(id);
    expect(done.job).toMatchObject({
      status: 'completed',
      pod: '10.0.0.5:8000',
      pod_response: { status: 'completed', gpu_seconds: 42 },
      output_s3_prefix: made.prefix,
      manifest: { words: 12 },
    });
  });

  test('what the master playlist names is found beside it, under one signature that is worth nothing elsewhere', async () => {
    const { body } = await call<Post>('POST', '/posts', { hls_input_key: 'posts/2/video.mp4' });
    const { subtitle_job_id: job } = await withJob(body.id);
    await pod.run(job);
    const { links } = await post(body.id);
    const master = await fetch(links.subtitle_hls_master!);
    expect([
      master.status,
      master.headers.get('content-type'),
      master.headers.get('access-control-allow-origin'),
    ]).toEqual([200, 'application/vnd.apple.mpegurl', '*']);
    const inner = new URL((await master.text()).split('\n')[1]!, master.url);
    const stream = await fetch(inner);
    expect(await stream.text()).toContain('segment-0.ts');
    const segment = await fetch(new URL('segment-0.ts', inner), { headers: { range: 'bytes=0-9' } });
    expect([segment.status, (await segment.text()).length]).toEqual([206, 10]);

    const outside = new URL(`../${'%2e%2e'}/nothing`, master.url);
    expect((await fetch(outside)).status).toBeGreaterThanOrEqual(400);
    const forged = links.subtitle_hls_master!.replace(
      /folders\/[^/]+/,
      `folders/${Buffer.from('jobs').toString('base64url')}`,
    );
    expect((await fetch(forged)).status).toBe(403);
  });

  test('a finished post is never done again; one that names another video is, when it says that it has no subtitles', async () => {
    const id = await insert({ hls_s3_key: 'posts/3/a.m3u8' });
    const first = await withJob(id);
    await pod.run(first.subtitle_job_id);
    await sql('update posts set title = $2 where id = $1', [id, 'new title']);
    await sql('update posts set hls_s3_key = $2 where id = $1', [id, 'posts/3/b.m3u8']);
    const marker = await withJob(await insert({ hls_s3_key: 'posts/3/marker.m3u8' })); // the watch has been here since
    expect(marker.id).not.toBe(id);
    expect((await post(id)).subtitle_job_id).toBe(first.subtitle_job_id);

    const { status } = await call('PATCH', `/posts/${id}`, { has_subtitles: false });
    expect(status).toBe(200);
    const second = await withJob(id, first.subtitle_job_id);
    expect(second.job).toMatchObject({ s3_input_key: 'posts/3/b.m3u8' });
  });

  test('another video while the first is under way: the first job is called off', async () => {
    const id = await insert({ hls_s3_key: 'posts/4/a.m3u8' });
    const first = await withJob(id);
    await sql('update posts set hls_s3_key = $2 where id = $1', [id, 'posts/4/b.m3u8']);
    const second = await withJob(id, first.subtitle_job_id);
    expect((await call('GET', `/jobs/${first.subtitle_job_id}`)).body.status).toBe('cancelled');
    await pod.run(second.subtitle_job_id);
    expect(await post(id)).toMatchObject({ has_subtitles: true, subtitle_status: 'completed' });
  });

  test('back to an earlier video: what came of it is shown again, and what never came is made', async () => {
    const id = await insert({ hls_s3_key: 'posts/8/a.m3u8' });
    const name = (key: string) => call('PATCH', `/posts/${id}`, { hls_s3_key: key, has_subtitles: false });
    const a = await withJob(id);
    const madeOfA = await pod.run(a.subtitle_job_id);
    await name('posts/8/b.m3u8');
    const b = await withJob(id, a.subtitle_job_id);
    await name('posts/8/a.m3u8'); // b is cancelled
    const again = await withJob(id, b.subtitle_job_id);
    expect(again).toMatchObject({
      ...{ subtitle_job_id: a.subtitle_job_id, has_subtitles: true, subtitle_status: 'completed' },
      ...{ subtitle_vtt_url: `${product.url}/artifacts/${madeOfA.vtt.key}`, job: { s3_input_key: 'posts/8/a.m3u8' } },
    });
    for (const before of [b, a]) {
      await name('posts/8/b.m3u8');
      const anew = await withJob(id, a.subtitle_job_id);
      expect([a.subtitle_job_id, b.subtitle_job_id, before.id]).not.toContain(anew.subtitle_job_id);
      expect(anew).toMatchObject({ subtitle_status: 'queued', job: { s3_input_key: 'posts/8/b.m3u8' } });
      await name('posts/8/a.m3u8');
      await withJob(id, anew.subtitle_job_id);
    }
    await name('posts/8/a.m3u8');
    const { body } = await call<Post>('PATCH', `/posts/${id}`, { target_lang: 'de', hls_s3_key: 'posts/8/c.m3u8' });
    expect(body.subtitle_error).toBeNull();
  });

  test('whoever deletes a post with SQL has its job called off', async () => {
    const id = await insert({ hls_s3_key: 'posts/9/a.m3u8' });
    const { subtitle_job_id: jobId } = await withJob(id);
    await sql('delete from posts where id = $1', [id]);
    await eventually('the job to be cancelled', async () => {
      return (await call('GET', `/jobs/${jobId}`)).body.status === 'cancelled';
    });
  });

  test('what no answer could hold is refused by the table; an older manifest is shown as it is', async () => {
    for (const [column, value] of [
      ['created_at', 'infinity'],
      ['created_at', '20000-01-01'],
      ['updated_at', '-infinity'],
      ['subtitle_manifest', '[]'],
    ])
      await expect(insert({ hls_s3_key: 'x.mp4', [column!]: value })).rejects.toThrow('violates check constraint');
    const old = { subtitle_vtt_url: 'https://x/y.vtt' };
    const id = await insert({ has_subtitles: true, subtitle_manifest: old });
    expect((await post(id)).subtitle_manifest).toEqual(old);
  });

  test('a post that names another video in the moment its job ends is not given the subtitles of the first', async () => {
    const id = await insert({ hls_s3_key: 'posts/7/a.m3u8' });
    const first = await withJob(id);
    await withClient(product.databaseUrl, async (client) => {
      const claimed = async () => {
        await client.query('begin');
        await client.query('update posts set hls_s3_key = $2 where id = $1', [id, 'posts/7/b.m3u8']);
      };
      const ended = pod.run(first.subtitle_job_id, {}, { claimed }); // its report waits for the row
      await eventually('the report to wait for the post', async () => {
        // On another connection: a transaction sees what it saw at first.
        const waiting = await sql(`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query ~ 'posts'`);
        return waiting.length > 0;
      });
      await client.query('commit');
      await ended;
    });
    const second = await withJob(id, first.subtitle_job_id);
    expect(second).toMatchObject({ has_subtitles: false, job: { s3_input_key: 'posts/7/b.m3u8' } });
  });

  test('a key that no store has, and a language that is none, are told in the row, and nobody tries for ever', async () => {
    const ids = [
      await insert({ hls_s3_key: 'a/../../b' }),
      await insert({ hls_s3_key: 'ok.mp4', target_lang: 'Klingon!' }),
    ];
    for (const id of ids) {
      const failed = await eventually('the post to be refused', async () => {
        const seen = await post(id);
        return seen.subtitle_status === 'failed' && seen;
      });
      expect(failed).toMatchObject({
        subtitle_job_id: null,
        subtitle_error: expect.stringMatching(/^invalid_input: \/input\//),
      });
    }
  });

  test('POST /jobs makes the post it works for; the watch leaves it alone', async () => {
    const { status, body } = await call<{ job_id: string; subject: string }>('POST', '/jobs', {
      pipeline: 'subtitles',
      input: { inputKey: 'direct.mp4' },
    });
    expect(status).toBe(202);
    await pod.run(body.job_id);
    expect(await post(body.subject)).toMatchObject({ has_subtitles: true, subtitle_job_id: body.job_id });
    const [{ total }] = (await sql<{ total: number }>(
      `select count(*)::int as total from jobs where input ->> 'inputKey' = 'direct.mp4'`,
    )) as [{ total: number }];
    expect(total).toBe(1);

    const other = { inputKey: 'other.mp4', postId: body.subject };
    const refused = await call<{ code: string }>('POST', '/jobs', { pipeline: 'subtitles', input: other });
    expect([refused.status, refused.body.code]).toEqual([422, 'another_video']);
  });

  test('a failed job says so in the post, and a retry takes it back', async () => {
    const id = await insert({ hls_s3_key: 'posts/5/a.m3u8' });
    const { subtitle_job_id: jobId } = await withJob(id);
    const [task] = await sql<{ id: string }>('select id from tasks where job_id = $1', [jobId]);
    const { body: claim } = await wire.claim(task!.id);
    const error = { code: 'provider_refused' as const, message: '10.0.0.5 answered 400' };
    await wire.report({ taskId: task!.id, attempt: claim.attempt }, { status: 'failed', error });
    expect(await post(id)).toMatchObject({
      subtitle_status: 'failed',
      subtitle_error: 'provider_refused: 10.0.0.5 answered 400',
      job: { status: 'failed' },
    });
    await call('POST', `/jobs/${jobId}/retry`);
    expect(await post(id)).toMatchObject({ subtitle_status: 'queued', subtitle_error: null, has_subtitles: false });
  });

  test('deleting a post takes its job and the pod’s files along', async () => {
    const id = await insert({ hls_s3_key: 'posts/6/a.m3u8' });
    const { subtitle_job_id: jobId } = await withJob(id);
    const made = await pod.run(jobId);
    expect((await call('DELETE', `/posts/${id}`)).status).toBe(204);
    expect((await call('GET', `/posts/${id}`)).status).toBe(404);
    expect((await call('GET', `/jobs/${jobId}`)).status).toBe(404);
    expect(await pod.store.head(made.vtt.key)).toBeUndefined();
  });
});

test('F7: of 1,000 rows written while no API ran, each gets exactly one job', async () => {
  await using quiet = await startProduct({ env: PODS });
  await quiet.api.stop();
  await withClient(quiet.databaseUrl, async (client) => {
    await client.query(`insert into posts (hls_s3_key) select 'posts/' || n || '.m3u8' from generate_series(1, 900) n`);
    for (let n = 901; n <= 1000; n++)
      await client.query('insert into posts (hls_s3_key) values ($1)', [`posts/${n}.m3u8`]);
  });
  await quiet.startApi();
  const counts = () =>
    withClient(quiet.databaseUrl, async (client) => {
      const { rows } = await client.query<{ jobs: number; posts: number; waiting: number }>(`
        select (select count(*)::int from jobs) as jobs, (select count(distinct subject)::int from jobs) as posts,
               (select count(*)::int from posts where subtitle_job_id is null) as waiting`);
      return rows[0]!;
    });
  await eventually('all posts to have a job', async () => (await counts()).waiting === 0);
  expect(await counts()).toEqual({ jobs: 1000, posts: 1000, waiting: 0 });
});

describe('A5: who is not on the whitelist, and who has no pod, waits and is told why', async () => {
  const listed = await startProduct({ env: { ...PODS, VL_WHITELIST_USER_IDS: 'ann, bob' } });
  afterAll(() => listed[Symbol.asyncDispose]());

  test('whitelist', async () => {
    const ask = clientOf(listed.url);
    const make = async (user_id?: string) =>
      (await ask<Post>('POST', '/posts', { hls_s3_key: 'v.mp4', ...(user_id && { user_id }) })).body;
    const [eve, nobody, ann] = [await make('eve'), await make(), await make('ann')];
    await eventually('ann’s post to be seen', async () => {
      const { body } = await ask<Post>('GET', `/posts/${ann.id}`);
      return body.subtitle_job_id !== null;
    });
    expect(eve.waits_for).toBe('eve is not on VL_WHITELIST_USER_IDS');
    expect(nobody.waits_for).toBe('local is not on VL_WHITELIST_USER_IDS');
    const { body } = await ask<Post>('GET', `/posts/${eve.id}`);
    expect(body.subtitle_job_id).toBeNull();
  });

  test('no pod: POST /jobs is refused with the setting to look at, a post waits', async () => {
    await using bare = await startProduct();
    const ask = clientOf(bare.url);
    const { status, body } = await ask('POST', '/jobs', { pipeline: 'subtitles', input: { inputKey: 'v.mp4' } });
    expect([status, body.code]).toEqual([422, 'not_configured']);
    expect(JSON.stringify(body)).toContain('VL_POD_RUN_URL');
    const made = await ask<Post>('POST', '/posts', { hls_s3_key: 'v.mp4' });
    expect([made.status, made.body.waits_for]).toEqual([201, 'a pod: set VL_POD_RUN_URL']);
    expect((await ask<Post>('POST', '/posts', {})).body.waits_for).toMatch(/names no video/);
    expect((await ask('POST', '/posts', { hls_s3_key: '../x' })).status).toBe(422);
  });
});
