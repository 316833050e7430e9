import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { withClient } from '../support/database.ts';
import { finishDream } from '../support/dreams.ts';
import { productOfFile } from '../support/product-of-file.ts';
import { taskOf, tasksOf } from '../support/tasks.ts';

const { product, call, wire } = await productOfFile();

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

describe('a claim is the fence (K2)', () => {
  test('the same claim again gets the same attempt; another one makes it stale', async () => {
    const { jobId } = await finishDream(call);
    const task = await taskOf(product, jobId, 'storyboard');
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
    const task = await taskOf(product, jobId, 'storyboard');
    expect((await wire.claim(task.id, { run: 1 })).status).toBe(409);
    await call('POST', `/jobs/${jobId}/cancel`);
    expect((await wire.claim(task.id)).status).toBe(409);
    expect((await wire.claim(randomUUID())).status).toBe(409);
  });

  test('F47: ten equal reports at once are one effect, and every one is answered', async () => {
    const { jobId } = await finishDream(call);
    const task = await taskOf(product, jobId, 'storyboard');
    await wire.claim(task.id);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        wire.report({ taskId: task.id, attempt: 1 }, { status: 'completed', output: STORYBOARD }),
      ),
    );
    const verdicts = answers.map(({ body }) => body.verdict).sort();
    expect(verdicts).toEqual(['accepted', ...Array(9).fill('replayed')]);
    expect((await tasksOf(product, jobId)).map(({ stage, part }) => `${stage}.${part}`)).toEqual([
      'narration.0',
      'pictures.0',
      'pictures.1',
      'storyboard.0',
    ]);
  });

  test('an output that is not what the stage gives is no result', async () => {
    const { jobId } = await finishDream(call);
    const task = await taskOf(product, jobId, 'storyboard');
    await wire.claim(task.id);
    const answer = await wire.report(
      { taskId: task.id, attempt: 1 },
      { status: 'completed', output: { storyboard: 'nice' } },
    );
    expect(answer.body.verdict).toBe('retry');
    expect(await taskOf(product, jobId, 'storyboard')).toMatchObject({ status: 'dispatched', failures: 1 });
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
