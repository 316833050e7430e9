import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../support/eventually.ts';
import { wireWorker } from '../../support/wire-worker.ts';
import { chaos } from './chaos.ts';
import { check, wrongs } from './checker.ts';
import { type Cluster, startCluster } from './cluster.ts';
import type { Exchange } from './exchanges.ts';
import { openLedger } from './ledger.ts';
import { submitJob } from './submitter.ts';
import { ended, running, tasksOf } from './watching.ts';

/** One mechanism put to the test. Says what went wrong: nothing, when the mechanism is there. */
export type Drill = (root: string | undefined, seed: number) => Promise<string[]>;

const MISSING = { file: { key: 'nowhere', bytes: 1, contentType: 'x' }, expected: { sha256: '0' } };

/** An API without workers: the drill itself speaks as they would. */
const alone = (root: string | undefined): Promise<Cluster> =>
  startCluster({ apis: 1, workers: 0, ...(root !== undefined && { root }) });

/** A job whose first task is ours to claim. */
async function offered(cluster: Cluster, input: Record<string, unknown> = {}) {
  const ledger = openLedger();
  const jobId = await submitJob({ url: cluster.url, ledger, key: randomUUID(), input });
  const [task] = await tasksOf(cluster, jobId);
  return { jobId, taskId: task!.id };
}

const worker = ({ url, reportSecret }: Cluster) => wireWorker(url, reportSecret);

const smallChaos =
  (jobs: number): Drill =>
  async (root, seed) => {
    const { verdicts } = await chaos({
      seed,
      jobs,
      faults: 12,
      everyMs: [700, 1_100],
      slowestFirst: true,
      stuckAfterMs: 25_000,
      cluster: root === undefined ? {} : { root },
    });
    return wrongs(verdicts);
  };

export const DRILLS = {
  chaos: smallChaos(150),

  async 'a late word of an earlier attempt'(root) {
    await using cluster = await alone(root);
    const { taskId } = await offered(cluster);
    const { claim, report } = worker(cluster);
    const first = await claim(taskId);
    await claim(taskId, { worker: 'another' });
    const { body, status } = await report(first.body, { status: 'completed', output: MISSING });
    return status === 409 ? [] : [`attempt 1 was ${body.verdict} after attempt 2 had begun`];
  },

  async 'the same claim again'(root) {
    await using cluster = await alone(root);
    const { taskId } = await offered(cluster);
    const claimId = randomUUID();
    const first = await worker(cluster).claim(taskId, { claimId });
    const second = await worker(cluster).claim(taskId, { claimId });
    return first.body.attempt === second.body.attempt ? [] : ['a claim whose answer was lost began another attempt'];
  },

  async 'the same report again'(root) {
    await using cluster = await alone(root);
    const { taskId } = await offered(cluster);
    const { body } = await worker(cluster).claim(taskId);
    const report = () => worker(cluster).report(body, { status: 'completed', output: MISSING });
    const said = [await report(), await report()].map((answer) => answer.body.verdict);
    return said.join() === 'accepted,replayed' ? [] : [`the same report twice was ${said.join(' and ')}`];
  },

  async 'an old entry for a finished task'(root) {
    await using cluster = await alone(root);
    const { taskId } = await offered(cluster);
    const { claim, report } = worker(cluster);
    const { body } = await claim(taskId);
    await report(body, { status: 'completed', output: MISSING });
    const { status } = await claim(taskId);
    return status === 409 ? [] : [`a finished task was given out again: ${status}`];
  },

  async 'parts that end at the same moment'(root) {
    await using cluster = await alone(root);
    const { claim, report } = worker(cluster);
    const wrong: string[] = [];
    for (let round = 0; round < 10; round++) {
      const { jobId, taskId } = await offered(cluster, { parts: 8 });
      await report((await claim(taskId)).body, { status: 'completed', output: MISSING });
      const parts = (await tasksOf(cluster, jobId)).filter(({ stage }) => stage === 'read');
      const claims = await Promise.all(parts.map(({ id }) => claim(id)));
      await Promise.all(
        claims.map(({ body }) => report(body, { status: 'completed', output: { sha256: '0' } }).catch(() => undefined)),
      );
      const checks = (await tasksOf(cluster, jobId)).filter(({ stage }) => stage === 'check');
      if (checks.length !== 1) wrong.push(`after all parts had ended there were ${checks.length} next tasks`);
    }
    return wrong;
  },

  async 'rows that somebody edits by hand'(root) {
    await using cluster = await alone(root);
    const { jobId, taskId } = await offered(cluster);
    await worker(cluster).claim(taskId);
    const wrong: string[] = [];
    const tries = async (what: string, ...sql: string[]) => {
      try {
        for (const one of sql) await cluster.db.query(one);
        wrong.push(`the database let ${what}`);
      } catch {
        // refused, as it should be
      }
    };
    await tries('the fence go back', `update tasks set attempt = 0 where id = '${taskId}'`);
    await tries(
      'what had ended begin again',
      `update jobs set status = 'cancelled' where id = '${jobId}'`,
      `update jobs set status = 'processing' where id = '${jobId}'`,
    );
    return wrong;
  },

  /** It dies when its files are stored and nobody knows of them yet. */
  async 'a worker that dies with its report'(root) {
    let dies: string | undefined;
    let jobsTask: string | undefined;
    const clusterOptions = {
      apis: 1,
      workers: 1,
      hear(id: string, name: string) {
        if (dies !== undefined || !id.endsWith('.1.completed') || !id.startsWith(jobsTask ?? '?')) return undefined;
        dies = name;
        cluster.workers.find((each) => each.name === name)?.signal('SIGKILL');
        return 'drop' as const;
      },
    };
    await using cluster = await startCluster({ ...clusterOptions, ...(root !== undefined && { root }), start: false });
    await Promise.all(cluster.apis.map((api) => api.start()));
    const { jobId, taskId } = await eventually('the API to answer', () => offered(cluster, { bytes: 100_000 }));
    jobsTask = taskId;
    await Promise.all(cluster.workers.map((each) => each.start()));
    await eventually('it to die', async () => dies !== undefined);
    await cluster.workers[0]!.end('SIGKILL');
    await cluster.workers[0]!.start();
    const how = await ended(cluster, jobId, 60);
    const write = (await tasksOf(cluster, jobId)).find(({ stage }) => stage === 'write');
    const key = (write?.output?.file as { key?: string } | undefined)?.key ?? '';
    if (how !== 'completed' || (write?.attempt ?? 0) < 2) return [`it is ${how} with ${write?.attempt} attempts`];
    return key.includes('/1/') ? [] : [`the file was made again: ${key}`];
  },

  /** Redis forgets what was in the window, and nothing is submitted that would wake anybody. */
  async 'a Redis that forgets'(root) {
    await using cluster = await startCluster({ apis: 1, workers: 1, ...(root !== undefined && { root }) });
    if (!cluster.redis) return ['there is no Redis here'];
    await cluster.workers[0]!.end('SIGTERM');
    const jobs = await Promise.all(Array.from({ length: 3 }, () => offered(cluster)));
    await eventually('one to be in the window', async () => {
      const { rows } = await cluster.db.query("select from tasks where status = 'dispatched'");
      return rows.length > 0;
    });
    await sleep(500); // the row is first, the entry follows
    await cluster.redis.flush();
    await cluster.workers[0]!.start();
    const hows = await Promise.all(jobs.map(({ jobId }) => ended(cluster, jobId, 20).catch(() => 'never ended')));
    return hows.every((how) => how === 'completed') ? [] : [`the jobs: ${hows.join(', ')}`];
  },

  /** Its worker is dead and its task in other hands when it arrives at last. */
  async 'a report that was long on its way'(root) {
    const ledger = openLedger();
    let slow: string | undefined;
    let task: string | undefined;
    const clusterOptions = {
      apis: 1,
      workers: 2,
      judge: (exchange: Exchange) => void ledger.saw(exchange),
      hear(id: string, name: string) {
        if (slow !== undefined || task === undefined || id !== `${task}.1.completed`) return undefined;
        slow = name;
        cluster.wire(`${name}-api`).become({ kind: 'stall' });
        cluster.workers.find((each) => each.name === name)?.signal('SIGKILL');
        return undefined;
      },
    };
    await using cluster = await startCluster({ ...clusterOptions, ...(root !== undefined && { root }) });
    const { jobId } = await offered(cluster, { parts: 1, seconds: 3 });
    task = (await running(cluster, jobId, 'read')).id;
    await eventually('another worker to have it', async () =>
      (await tasksOf(cluster, jobId)).some((each) => each.id === task && each.attempt > 1 && each.status === 'running'),
    );
    cluster.wire(`${slow}-api`).heal();
    const how = await ended(cluster, jobId);
    await sleep(500);
    const verdicts = await check(cluster, ledger);
    return [...wrongs(verdicts), ...(how === 'completed' ? [] : [`the job has ${how}`])];
  },

  async 'the same key again'(root) {
    await using cluster = await alone(root);
    const ledger = openLedger();
    const ids = await Promise.all(Array.from({ length: 8 }, () => submitJob({ url: cluster.url, ledger, key: 'k' })));
    const count = new Set(ids).size;
    return count === 1 ? [] : [`one key became ${count} jobs`];
  },
} as const satisfies Record<string, Drill>;
export type DrillName = keyof typeof DRILLS;
