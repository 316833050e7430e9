import { describe, expect, test } from 'vitest';
import { withClient } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { productOfFile } from '../../support/product-of-file.ts';
import { sourceTotals } from '../../support/source-totals.ts';
import { sqlOf } from '../../support/sql.ts';

const { product, call } = await productOfFile({ env: { DATABASE_TIMEOUT_SECONDS: '1' } });
const sql = sqlOf(product);

interface Row {
  id: string;
  owner: string;
  status: string;
  admitted: boolean;
  priority: string;
  held: boolean;
  metadata: object | null;
  input: Record<string, unknown>;
  idempotency_key: string | null;
  error: { stage: string; code: string; message: string } | null;
}

/** Inserts one as another program would. */
async function insert(columns: Record<string, unknown>): Promise<string> {
  const names = Object.keys(columns);
  const [row] = await sql<{ id: string }>(
    `insert into jobs (${names.join(', ')}) values (${names.map((_, i) => `$${i + 1}`).join(', ')}) returning id`,
    Object.values(columns),
  );
  return row!.id;
}
const rowOf = async (id: string): Promise<Row> => (await sql<Row>('select * from jobs where id = $1', [id]))[0]!;
const letIn = (id: string): Promise<Row> =>
  eventually(`row ${id} to be let in`, async () => {
    const row = await rowOf(id);
    return row.admitted && row;
  });
const failed = (id: string): Promise<Row & { error: object }> =>
  eventually(`row ${id} to be refused`, async () => {
    const row = await rowOf(id);
    return row.status === 'failed' && (row as Row & { error: object });
  });
const tasks = (id: string) =>
  sql<{ stage: string; rank: number; held: boolean }>('select * from tasks where job_id = $1', [id]);

describe('F7 C2: jobs that are rows', () => {
  test('pipeline and input are enough', async () => {
    const [row] = await sql<{ id: string }>(
      `insert into jobs (pipeline, input) values ('selftest', '{}') returning id`,
    );
    expect(await letIn(row!.id)).toMatchObject({ owner: 'default', status: 'queued', priority: 'normal', held: false });
    expect(await tasks(row!.id)).not.toHaveLength(0);
    const { status, body } = await call<{ waits_for?: unknown; status: string }>('GET', `/jobs/${row!.id}`);
    expect([status, body.status]).toEqual([200, 'queued']);
    // What the door adds is there as with any other job: the pipeline's own defaults.
    expect((await rowOf(row!.id)).input).not.toEqual({});
  });

  test('priority, hold, owner, metadata, times, callback and key are those of the row', async () => {
    const id = await insert({
      ...{ pipeline: 'selftest', input: {}, owner: 'carla', priority: 'high', held: true, metadata: { order: 7 } },
      ...{ idempotency_key: 'order 7', deadline: '2999-01-01', callback_url: 'https://example.com/told' },
    });
    expect(await letIn(id)).toMatchObject({ owner: 'carla', held: true, metadata: { order: 7 } });
    expect((await tasks(id)).map(({ rank, held }) => [rank, held])).toEqual([[0, true]]);
    const { body } = await call('GET', `/jobs/${id}`);
    expect(body).toMatchObject({ priority: 'high', held: true, metadata: { order: 7 } });
    expect(await sql('select url, owner from endpoints where job_id = $1', [id])).toEqual([
      { url: 'https://example.com/told', owner: 'carla' },
    ]);
  });

  test('a program needs no more than to insert these columns', async () => {
    const columns =
      'pipeline, input, owner, priority, held, metadata, idempotency_key, start_by, deadline, callback_url';
    const id = await withClient(product.databaseUrl, async (client) => {
      // The role is gone before anybody else could see it.
      await client.query('create role writer');
      try {
        await client.query(`grant insert (${columns}), select on jobs to writer`);
        await client.query('set role writer');
        const { rows } = await client.query(`insert into jobs (${columns}) values
          ('selftest', '{}', 'dora', 'low', false, null, null, null, null, null) returning id`);
        return rows[0].id as string;
      } finally {
        await client.query('reset role');
        await client.query('drop owned by writer; drop role writer');
      }
    });
    expect(await letIn(id)).toMatchObject({ owner: 'dora', priority: 'low' });
  });

  test('a key that is taken is refused to whoever inserts; ON CONFLICT is how to insert once', async () => {
    const first = await insert({ pipeline: 'selftest', input: {}, idempotency_key: 'once' });
    await expect(insert({ pipeline: 'selftest', input: {}, idempotency_key: 'once' })).rejects.toMatchObject({
      constraint: 'jobs_owner_idempotency_key',
    });
    const again = await sql(
      `insert into jobs (pipeline, input, idempotency_key) values ('selftest', '{}', 'once')
       on conflict (owner, idempotency_key) do nothing returning id`,
    );
    expect(again).toEqual([]);
    await letIn(first);
    // Nor does REST take it for another job.
    await sql(`update jobs set owner = 'local' where id = $1`, [first]);
    const rest = (input: object) =>
      call('POST', '/jobs', { pipeline: 'selftest', input }, { 'idempotency-key': 'once' });
    expect(await rest({})).toMatchObject({ status: 200, body: { job_id: first } });
    expect((await rest({ parts: 3 })).status).toBe(422);
  });

  test.each<[string, Record<string, unknown>, string, RegExp]>([
    ['no such pipeline', { pipeline: 'none' }, 'input_invalid', /\/pipeline/],
    [
      'an input that does not fit',
      { pipeline: 'captions', input: { sourceUrl: 7 } },
      'input_invalid',
      /\/input\/sourceUrl/,
    ],
    ['a callback that is no address', { callback_url: 'nowhere' }, 'input_invalid', /\/callback_url/],
    ['a callback inside', { callback_url: 'http://169.254.169.254/' }, 'input_invalid', /\/callback_url/],
    [
      'what nobody has set up',
      { pipeline: 'captions', input: { sourceUrl: 'https://example.com/a.mp4' } },
      'not_configured',
      /TRANSCRIBE_BASE_URL|OPENAI/,
    ],
    [
      'segments that only the bucket may announce',
      { pipeline: 'segments', input: { uploaded: { job: 'x', total: 2 } } },
      'input_invalid',
      /uploaded/,
    ],
  ])('%s: the row ends failed, and says why', async (_, columns, code, message) => {
    const id = await insert({ pipeline: 'selftest', input: {}, ...columns });
    const { error } = await failed(id);
    expect(error).toMatchObject({ stage: 'submit', code, message: expect.stringMatching(message) });
    expect(await tasks(id)).toEqual([]);
    const { status, body } = await call<{ error: object }>('GET', `/jobs/${id}`);
    expect([status, body.error]).toEqual([200, expect.objectContaining({ code })]);
    expect((await call('GET', '/jobs')).status).toBe(200);
  });

  test.each([
    ['an input that is no object', { input: '[]' }, 'input_is_an_object'],
    ['an input that is null', { input: 'null' }, 'input_is_an_object'],
    ['a priority that is none', { priority: 'urgent' }, 'priority_is_one'],
    ['a status that is none', { status: 'done' }, 'status_is_one'],
    ['metadata that is no object', { metadata: '[1]' }, 'metadata_is_an_object'],
    ['a deadline beyond all years', { deadline: 'infinity' }, 'deadline_is_a_time'],
    ['a start before all', { start_by: '-infinity' }, 'start_by_is_a_time'],
  ])('%s: the database refuses the row, by the name of what is wrong', async (_, columns, constraint) => {
    await expect(insert({ pipeline: 'selftest', input: {}, ...columns })).rejects.toMatchObject({
      constraint: `jobs_${constraint}`,
    });
  });

  test('a bad one keeps nobody waiting, and both are counted', async () => {
    const before = await sourceTotals(call);
    const [bad, good] = [
      await insert({ pipeline: 'none', input: {} }),
      await insert({ pipeline: 'selftest', input: {} }),
    ];
    await Promise.all([failed(bad), letIn(good)]);
    const after = await sourceTotals(call);
    const more = ['accepted', 'rejected'].map((it) => after[`postgres ${it}`]! - (before[`postgres ${it}`] ?? 0));
    expect(more).toEqual([1, 1]);
  });

  test('a row of a dream that has a live job is refused; when that has ended, a retry lets it in', async () => {
    const { body: dream } = await call<{ id: string }>('POST', '/dreams', {
      transcript: 'A boat that flies over a city.',
    });
    const { body: live } = await call<{ job_id: string }>('POST', `/dreams/${dream.id}/finish`);
    const input = { dreamId: dream.id, transcript: 'A boat that flies over a city.' };
    const id = await insert({ pipeline: 'dream', input, owner: 'local' });
    expect((await failed(id)).error).toMatchObject({ message: expect.stringContaining('already queued or running') });
    expect((await call(`POST`, `/jobs/${id}/retry`)).status).toBe(202);
    await eventually('it to be refused again', async () => (await call('GET', `/jobs/${id}`)).body.status === 'failed');

    await call('POST', `/jobs/${live.job_id}/cancel`);
    expect((await call(`POST`, `/jobs/${id}/retry`)).status).toBe(202);
    await eventually('its tasks', async () => (await tasks(id)).length > 0);
    expect((await call('GET', `/dreams/${dream.id}/video-status`)).body).toMatchObject({
      job_id: id,
      status: 'queued',
    });
  });

  test('one that cannot be let in just now keeps nobody waiting, and comes in later', async () => {
    const { body: dream } = await call<{ id: string }>('POST', '/dreams', { transcript: 'A long stair.' });
    await withClient(product.databaseUrl, async (client) => {
      // As long as somebody else is at the dream, and a statement takes too long.
      await client.query('begin');
      await client.query('select from dreams where id = $1 for update', [dream.id]);
      const input = { dreamId: dream.id, transcript: 'A long stair.' };
      const waiting = await insert({ pipeline: 'dream', input, owner: 'local' });
      const behind = await insert({ pipeline: 'selftest', input: {} });
      await letIn(behind);
      expect((await rowOf(waiting)).admitted).toBe(false);
      await client.query('commit');
      await letIn(waiting);
    });
  });

  test('a key that stands in a row nobody has looked at: come again', async () => {
    const ask = () => call('POST', '/jobs', { pipeline: 'selftest', input: {} }, { 'idempotency-key': 'both ways' });
    const id = await withClient(product.databaseUrl, async (client) => {
      // While this stands nobody can be given tasks, and so nobody can come in.
      await client.query('begin; lock table tasks in exclusive mode');
      const made = await insert({ pipeline: 'selftest', input: {}, owner: 'local', idempotency_key: 'both ways' });
      const { status, body } = await ask();
      expect([status, body.code]).toEqual([503, 'not_let_in_yet']);
      await client.query('commit');
      return made;
    });
    await insert({ pipeline: 'selftest', input: {} }); // a word that there is something to look at
    await letIn(id);
    expect(await ask()).toMatchObject({ status: 200, body: { job_id: id } });
  });

  test('a row nobody has looked at can be cancelled, and then nobody looks', async () => {
    await withClient(product.databaseUrl, async (client) => {
      await client.query('begin');
      const { rows } = await client.query(`insert into jobs (pipeline, input) values ('selftest', '{}') returning id`);
      await client.query(`update jobs set status = 'cancelled', ended_at = now() where id = $1`, [rows[0].id]);
      await client.query('commit');
      await letIn(await insert({ pipeline: 'selftest', input: {} }));
      expect(await rowOf(rows[0].id)).toMatchObject({ status: 'cancelled', admitted: false });
      expect((await call('POST', `/jobs/${rows[0].id}/retry`)).status).toBe(202);
      await letIn(rows[0].id);
    });
  });
});
