import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { clientOf } from '../../support/client.ts';
import { withClient } from '../../support/database.ts';
import type { Product } from '../../support/product.ts';
import { wireWorker } from '../../support/wire-worker.ts';
import type { Rng } from '../support/rng.ts';

export interface StormOptions {
  rng: Rng;
  /** Selftest jobs; each comes to `parts` + 2 completions. */
  jobs: number;
  parts: number;
  /** How often every completion is told in all. */
  times: number;
  /** Calls under way at once. */
  abreast: number;
}

export interface Storm {
  sent: number;
  /** Calls by what they were answered. */
  answers: Record<string, number>;
  /** Answers of 503: nothing was done, and it was told again, as a worker does. */
  busy: number;
  /** Completions that were called for: what `accepted` should come to. */
  wanted: number;
  rows: {
    completedAttempts: number;
    taskEvents: number;
    jobEvents: number;
    completedJobs: number;
    openAttempts: number;
  };
}

interface Call {
  taskId: string;
  attempt: number;
  output: object;
  forged?: boolean;
}

const SHA256 = 'e'.repeat(64);
const outputOf = (stage: string, parts: number): object => {
  if (stage === 'write')
    return { file: { key: 'file.bin', bytes: 1, contentType: 'x/y' }, expected: { sha256: SHA256 } };
  return stage === 'read' ? { sha256: SHA256 } : { reads: parts };
};

/**
 * Every completion of some jobs told over and over, all mixed up, with words of attempts that were superseded, of jobs
 * that were cancelled, and of strangers among them.
 */
export async function storm(product: Product, { rng, jobs, parts, times, abreast }: StormOptions): Promise<Storm> {
  const call = clientOf(product.url);
  const wire = wireWorker(product.url, product.reportSecret);
  const stranger = new Webhook(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);
  const answers: Record<string, number> = {};
  let sent = 0;
  let busy = 0;

  async function tell(told: Call): Promise<void> {
    const { taskId, attempt, output, forged } = told;
    const id = `${taskId}.${attempt}.completed`;
    const body = { status: 'completed', output };
    const path = `/reports/${taskId}`;
    const answer = forged
      ? await call('POST', path, body, signatureOf(stranger, id, body))
      : await wire.signed<{ verdict?: string; code?: string }>(path, id, body);
    if (answer.status === 503) {
      busy += 1;
      await sleep(20 + 200 * rng.next());
      return tell(told);
    }
    sent += 1;
    const { verdict, code } = answer.body as { verdict?: string; code?: string };
    const name = verdict ?? code ?? `HTTP ${answer.status}`;
    answers[name] = (answers[name] ?? 0) + 1;
  }

  async function all(calls: Call[]): Promise<void> {
    const shuffled = shuffle(calls, rng);
    const lane = async () => {
      for (let next = shuffled.pop(); next; next = shuffled.pop()) await tell(next);
    };
    await Promise.all(Array.from({ length: abreast }, lane));
  }

  const submit = () => call<{ job_id: string }>('POST', '/jobs', { pipeline: 'selftest', input: { parts } });
  const good = await inParallel(jobs, async () => (await submit()).body.job_id);
  const doomed = await inParallel(Math.ceil(jobs / 20), async () => (await submit()).body.job_id);

  let wanted = 0;
  const before: Call[] = [];
  for (const stage of ['write', 'read', 'check']) {
    const open = await tasksOf(product, good, stage);
    wanted += open.length;
    const calls: Call[] = [];
    await inParallel(open.length, async (n) => {
      const task = open[n]!;
      const output = outputOf(stage, parts);
      const starts = rng.chance(0.1) ? 2 : 1;
      for (let start = 1; start <= starts; start++) await wire.claim(task);
      const current = { taskId: task, attempt: starts, output };
      calls.push(...Array.from({ length: times }, () => current));
      // Superseded, never begun, and not signed by us.
      if (starts > 1) calls.push(...Array.from({ length: 3 }, () => ({ ...current, attempt: 1 })));
      if (rng.chance(0.1)) calls.push({ ...current, attempt: starts + 1 });
      if (rng.chance(0.1)) calls.push({ ...current, forged: true });
      before.push(current);
    });
    await all(calls);
  }

  const late = await tasksOf(product, doomed, 'write');
  await inParallel(late.length, async (n) => void (await wire.claim(late[n]!)));
  await inParallel(doomed.length, async (n) => void (await call('POST', `/jobs/${doomed[n]}/cancel`)));
  const afterCancel = late.flatMap((taskId) =>
    Array.from({ length: 10 }, () => ({ taskId, attempt: 1, output: outputOf('write', parts) })),
  );
  // And once more everything that was ever accepted, now that the jobs are over.
  await all([...afterCancel, ...before]);

  const rows = await withClient(product.databaseUrl, async (client) => {
    const { rows: found } = await client.query(`
      select (select count(*) from attempts where outcome = 'completed')::int as "completedAttempts",
             (select count(*) from events where type = 'task.completed')::int as "taskEvents",
             (select count(*) from events where type = 'job.completed')::int as "jobEvents",
             (select count(*) from jobs where status = 'completed')::int as "completedJobs",
             (select count(*) from attempts where outcome = 'running')::int as "openAttempts"`);
    return found[0] as Storm['rows'];
  });
  return { sent, answers, busy, wanted, rows };
}

const tasksOf = (product: Product, jobs: string[], stage: string): Promise<string[]> =>
  withClient(product.databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>('select id from tasks where job_id = any($1) and stage = $2', [
      jobs,
      stage,
    ]);
    return rows.map(({ id }) => id);
  });

function signatureOf(webhook: Webhook, id: string, body: object): Record<string, string> {
  const at = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': webhook.sign(id, at, JSON.stringify(body)),
  };
}

async function inParallel<T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) made.push(await make(next++));
  };
  await Promise.all(Array.from({ length: 10 }, lane));
  return made;
}

function shuffle<T>(items: T[], rng: Rng): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = rng.int(0, last);
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}

/** What is wrong with it. Empty: every call was accounted for, and every completion had its effect once. */
export function wrongOf({ sent, answers, wanted, rows }: Storm, jobs: number): string[] {
  const { accepted = 0, replayed = 0, stale = 0, bad_signature: rejected = 0 } = answers;
  const wrong: string[] = [];
  const must = (what: string, is: number, wants: number) => is !== wants && wrong.push(`${what}: ${is}, not ${wants}`);
  must('accepted + replayed + stale + rejected', accepted + replayed + stale + rejected, sent);
  must('accepted', accepted, wanted);
  must('completed attempts', rows.completedAttempts, wanted);
  must('task.completed', rows.taskEvents, wanted);
  must('job.completed', rows.jobEvents, jobs);
  must('completed jobs', rows.completedJobs, jobs);
  must('attempts still running', rows.openAttempts, 0);
  if (wrong.length > 0) wrong.push(JSON.stringify(answers));
  return wrong;
}
