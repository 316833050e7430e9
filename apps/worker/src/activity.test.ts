import type { Claim, Report } from '@reverie/contracts';
import { expect, test } from 'vitest';
import { keepActivity } from './activity.ts';

const claimed = (n: number): Claim => ({
  taskId: `task-${n}`,
  attempt: 1,
  jobId: 'job',
  pipeline: 'selftest',
  stage: 'read',
  part: n,
  given: {},
  reportTo: '/reports/x',
});
const never = new AbortController().signal;
const failure = (code: 'disk_full' | 'internal'): Report => ({ status: 'failed', error: { code, message: 'no' } });

/** An API that gives out task after task, and hears whatever it is told. */
function overheard({ stale = false } = {}) {
  let next = 0;
  const activity = keepActivity();
  const api = activity.overhear({
    claim: async () => claimed(next++),
    report: async () => (stale ? undefined : { verdict: 'accepted' }),
    takePod: async () => ({ pod: null }),
    sign: async () => {},
  });
  const doTask = async (report: Report) => {
    const claim = (await api.claim({ task: 'x', run: 0 }, 'w', never))!;
    await api.report(claim, report, never);
    activity.left(claim.taskId);
  };
  return { activity, api, doTask };
}

test('C54, C56: what was done and how it went, by code', async () => {
  const { activity, doTask } = overheard();
  const reports: Report[] = [{ status: 'completed', output: {} }, failure('disk_full'), failure('disk_full')];
  for (const report of [...reports, failure('internal'), { status: 'released' } as const]) await doTask(report);
  expect(activity.figures()).toMatchObject({
    processed: 4,
    completed: 1,
    failed: 3,
    failed_by_code: { disk_full: 2, internal: 1 },
    released: 1,
    success_rate: 0.25,
  });
});

test('a report that was stale is not counted', async () => {
  const { activity, doTask } = overheard({ stale: true });
  await doTask({ status: 'completed', output: {} });
  expect(activity.figures().processed).toBe(0);
});

test('C52: what runs now, how far it is, and that it has left', async () => {
  const { activity, api } = overheard();
  await api.claim({ task: 'x', run: 0 }, 'w', never);
  activity.progress('task-0', { attempt: 1, percent: 40 });
  expect(activity.running()).toMatchObject([{ task: 'task-0', job: 'job', stage: 'read', attempt: 1, percent: 40 }]);
  activity.left('task-0');
  expect(activity.running()).toEqual([]);
});

test('C55: memory stays bounded however long it runs', async () => {
  const { activity, doTask } = overheard();
  for (let n = 0; n < 500; n++) await doTask({ status: 'completed', output: {} });
  const { completed, processing_times } = activity.figures();
  expect([completed, processing_times['selftest/read']?.latest]).toEqual([500, 200]);
});
