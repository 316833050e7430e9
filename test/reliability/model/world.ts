import { randomUUID } from 'node:crypto';
import type { Claim, QueueEntry, Report } from '@reverie/contracts';
import { openDatabase } from '@reverie/db';
import pg from 'pg';
import { cancel } from '../../../apps/api/src/jobs/cancel.ts';
import { claim } from '../../../apps/api/src/jobs/claim.ts';
import { dispatch } from '../../../apps/api/src/jobs/dispatch.ts';
import type { Life } from '../../../apps/api/src/jobs/life.ts';
import { reconcile } from '../../../apps/api/src/jobs/reconcile.ts';
import { retry } from '../../../apps/api/src/jobs/retry.ts';
import { settle } from '../../../apps/api/src/jobs/settle.ts';
import { dreamSubject } from '../../../apps/api/src/jobs/subjects.ts';
import { submit } from '../../../apps/api/src/jobs/submit.ts';
import { Refusal } from '../../../apps/api/src/refusal.ts';
import { inProcessLife } from '../../support/in-process-life.ts';
import { violations } from './invariants.ts';
import { OUTPUTS } from './small-job.ts';
import { type Snapshot, snapshot } from './snapshot.ts';
import { type StubQueue, stubQueue } from './stub-queue.ts';

/** Everything that can happen to a job, a letter each. */
export const ACTIONS = {
  a: 'worker A takes one step: claims, or reports what it has claimed as completed',
  b: 'worker B takes one step',
  f: 'a worker that holds something reports that it failed',
  z: 'everything that was ever said is said again, and what nobody would say',
  c: 'the caller cancels',
  r: 'the caller retries',
  s: 'Redis forgets everything, and the sweep comes',
} as const;
export type Action = keyof typeof ACTIONS;
export const ALL_ACTIONS = Object.keys(ACTIONS) as Action[];

interface Holding {
  entry: QueueEntry;
  claimId: string;
  claim: Claim;
}

const FAILED: Report = { status: 'failed', error: { code: 'provider_unavailable', message: 'so it goes' } };
const RELEASED: Report = { status: 'released' };

/** A database of its own, with one job in it at a time. */
export function openWorld(databaseUrl: string) {
  const db = openDatabase({ url: databaseUrl, connections: 3, onError: () => {} });
  const client = new pg.Client({ connectionString: databaseUrl });
  const connected = client.connect();
  const subject = dreamSubject('http://localhost');

  return {
    /** A job, dispatched and not yet taken. */
    async begin(pipeline: string) {
      await connected;
      const queue = stubQueue();
      const life = inProcessLife(db, { queue: queue.producer, subjects: { small: subject, wide: subject } });
      const input = { dreamId: randomUUID(), transcript: 'A red kite.', aspect: '1:1' };
      const { job } = await db.transaction((tx) =>
        submit(tx, life, { owner: 'model', pipeline, input, priority: 'normal' }),
      );
      await dispatch(life);
      return new JobInTheWorld(
        life,
        { queue, client, jobId: job.id, dreamId: input.dreamId },
        await snapshot(client, job.id),
      );
    },
    async close() {
      await client.end();
      await db.close();
    },
  };
}

/** One job and all who act on it. */
export class JobInTheWorld {
  private readonly holds = new Map<string, Holding>();
  private readonly past: { claim: Claim; report: Report | undefined }[] = [];
  /** Completions that were accepted, by task and run. */
  private readonly accepted = new Map<string, number>();
  private readonly life: Life;
  private readonly at: { queue: StubQueue; client: pg.Client; jobId: string; dreamId: string };
  now: Snapshot;

  constructor(life: Life, at: { queue: StubQueue; client: pg.Client; jobId: string; dreamId: string }, now: Snapshot) {
    this.life = life;
    this.at = at;
    this.now = now;
  }

  /** Does it, or them all at the same time, and looks at the rows. */
  async act(...actions: Action[]): Promise<string[]> {
    const before = this.now;
    const said = await Promise.all(actions.map((action) => this.one(action, { alone: actions.length === 1 })));
    this.now = await snapshot(this.at.client, this.at.jobId);
    const wrong = violations(before, this.now, { retried: actions.includes('r') });
    const twice = [...this.accepted].filter(([, times]) => times > 1).map(([key]) => `accepted twice: ${key}`);
    if (actions.length === 1 && actions[0] === 'z' && JSON.stringify(before) !== JSON.stringify(this.now))
      wrong.push(`words of the past changed rows: ${JSON.stringify(before)} → ${JSON.stringify(this.now)}`);
    if (actions.length === 1 && actions[0] === 's') wrong.push(...this.notInTheQueue());
    return [...said.flat(), ...wrong, ...twice];
  }

  /** Whatever has happened: what has not ended can be brought to its end. */
  async driveHome(): Promise<string[]> {
    this.holds.clear(); // both workers die
    for (let step = 0; step < 40; step++) {
      const { status } = this.now.job;
      if (['completed', 'failed', 'cancelled'].includes(status)) return [];
      const idle = this.holds.size === 0;
      const wrong = [...(idle ? await this.act('s') : []), ...(await this.act('a'))];
      if (wrong.length > 0) return wrong;
    }
    return [`it never ends: ${JSON.stringify(this.now)}`];
  }

  async end(): Promise<void> {
    await this.at.client.query({ name: 'end', text: 'delete from jobs where id = $1', values: [this.at.jobId] });
    await this.at.client.query({ name: 'wake', text: 'delete from dreams where id = $1', values: [this.at.dreamId] });
  }

  private async one(action: Action, { alone }: { alone: boolean }): Promise<string[]> {
    const { life, at } = this;
    switch (action) {
      case 'a':
      case 'b':
        return this.holds.has(action) ? this.tell(action, 'completed') : this.take(action);
      case 'f':
        return this.holds.size > 0 ? this.tell([...this.holds.keys()][0]!, 'failed') : [];
      case 'c':
        await cancel(life, at.jobId, {}).catch(refused);
        return [];
      case 'r':
        await retry(life, at.jobId, {}).catch(refused);
        return [];
      case 's':
        at.queue.forget();
        await dispatch(life);
        await at.client.query({
          name: 'later',
          text: `update tasks set dispatched_at = dispatched_at - interval '3 seconds' where job_id = $1`,
          values: [at.jobId],
        });
        await reconcile(life);
        return [];
      case 'z':
        return this.haunt({ alone });
      default:
        return action satisfies never;
    }
  }

  private async take(worker: string): Promise<string[]> {
    const entry = this.at.queue.take(worker);
    if (!entry) return [];
    const claimId = randomUUID();
    const claimed = await claim(this.life, entry.task, { claimId, worker, run: entry.run });
    if (claimed) this.holds.set(worker, { entry, claimId, claim: claimed });
    else this.at.queue.done(worker, entry, { again: false });
    return [];
  }

  private async tell(worker: string, how: 'completed' | 'failed'): Promise<string[]> {
    const { entry, claim: claimed } = this.holds.get(worker)!;
    this.holds.delete(worker);
    const report = how === 'completed' ? completedOf(claimed) : FAILED;
    const { verdict } = await settle(this.life, claimed, report);
    this.past.push({ claim: claimed, report });
    this.at.queue.done(worker, entry, { again: verdict === 'retry' });
    if (how === 'completed' && verdict === 'accepted') {
      const key = `${claimed.taskId}, run ${entry.run}`;
      this.accepted.set(key, (this.accepted.get(key) ?? 0) + 1);
    }
    if (verdict === 'replayed') return [`${how} of attempt ${claimed.attempt} was new, and the answer was "replayed"`];
    return [];
  }

  /** Nothing of this is news, so nothing of it may be accepted. */
  private async haunt({ alone }: { alone: boolean }): Promise<string[]> {
    const wrong: string[] = [];
    const held = new Set([...this.holds.values()].map(({ claim: it }) => `${it.taskId}.${it.attempt}`));
    for (const { claim: claimed, report: said } of this.past) {
      if (held.has(`${claimed.taskId}.${claimed.attempt}`)) continue;
      for (const report of [completedOf(claimed), FAILED, RELEASED]) {
        const { verdict } = await settle(this.life, claimed, report);
        const isReplay = said?.status === report.status;
        if (verdict === 'accepted' || (!isReplay && verdict !== 'stale'))
          wrong.push(`attempt ${claimed.attempt} said ${said?.status}; ${report.status} after it was ${verdict}`);
      }
    }
    for (const { id, attempt } of this.now.tasks) {
      const { verdict } = await settle(this.life, { taskId: id, attempt: attempt + 1_000 }, RELEASED);
      if (verdict !== 'stale') wrong.push(`a word of an attempt that never began was ${verdict}`);
    }
    // Somebody who takes it at this moment makes the old claim a new one.
    for (const { entry, claimId, claim: claimed } of alone ? this.holds.values() : []) {
      const task = this.now.tasks.find(({ id }) => id === entry.task);
      if (task?.status !== 'running' || task.attempt !== claimed.attempt) continue;
      const again = await claim(this.life, entry.task, { claimId, worker: 'whoever', run: entry.run });
      if (again?.attempt !== claimed.attempt)
        wrong.push(`the same claim got ${again?.attempt} after ${claimed.attempt}`);
    }
    return wrong;
  }

  /** What could happen next depends on nothing else: two jobs with the same text have the same future. */
  state(): string {
    const place = new Map(this.now.tasks.map(({ id }, index) => [id, index]));
    const inQueue = this.now.tasks.map(({ id, run }) => this.at.queue.has({ task: id, run }));
    const tasks = this.now.tasks.map(({ id, output, retry_at, ...task }) => ({
      ...task,
      isDone: output !== null,
      isLate: retry_at !== null,
    }));
    const holds = [...this.holds].map(([worker, { claim: it }]) => [worker, place.get(it.taskId), it.attempt]);
    return JSON.stringify([this.now.job.status, this.now.job.run, tasks, holds, inQueue]);
  }

  private notInTheQueue(): string[] {
    return this.now.tasks
      .filter(({ status }) => ['waiting', 'dispatched', 'running'].includes(status))
      .filter(({ id, run }) => !this.at.queue.has({ task: id, run }))
      .map(({ stage, status }) => `after the sweep ${stage} is ${status} and not in the queue`);
  }
}

const completedOf = ({ stage, jobId, part, attempt }: Claim): Report => ({
  status: 'completed',
  output: OUTPUTS[stage]!(`jobs/${jobId}/${stage}/${part}/${attempt}`),
});

/** That the API says no is an answer. */
function refused(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}
