import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type Cluster, startCluster } from './support/cluster.ts';
import { DRILLS } from './support/drills.ts';
import { report, scaled } from './support/figures.ts';
import { openLedger, reported } from './support/ledger.ts';
import { runSeed } from './support/rng.ts';
import { submitJob } from './support/submitter.ts';
import { ended, tasksOf } from './support/watching.ts';

const STAGES = ['write', 'read', 'check'];

test('T11: all workers die the moment a stage is done, at every stage; none of the finished ones is begun again', async () => {
  const seed = runSeed();
  const ledger = openLedger();
  const rounds = scaled(4);
  /** The next accepted report of this stage's tasks kills everybody, before the worker hears that it was accepted. */
  let mine: { jobId: string; stage: string } | undefined;
  let killed: Promise<unknown> | undefined;
  const stages = new Map<string, { jobId: string; stage: string }>();
  const cluster: Cluster = await startCluster({
    apis: 1,
    workers: 2,
    judge(exchange) {
      const report = reported(exchange.id);
      const at = report && stages.get(report.task);
      if (!mine || exchange.verdict !== 'accepted' || at?.jobId !== mine.jobId || at.stage !== mine.stage)
        return undefined;
      mine = undefined;
      killed = Promise.all(cluster.workers.map((worker) => worker.end('SIGKILL')));
      return 'drop';
    },
  });
  await using _ = cluster;
  let again = 0;
  let kills = 0;
  for (let round = 0; round < rounds; round++) {
    for (const stage of STAGES) {
      killed = undefined;
      // Its tasks are learned while the workers are away.
      await Promise.all(cluster.workers.map((worker) => worker.end('SIGTERM')));
      const jobId = await submitJob({
        url: cluster.url,
        ledger,
        key: `${round}-${stage}`,
        input: { bytes: 5_000, parts: 1 },
      });
      const learn = async () => {
        for (const task of await tasksOf(cluster, jobId)) stages.set(task.id, { jobId, stage: task.stage });
      };
      await learn();
      mine = { jobId, stage };
      await Promise.all(cluster.workers.map((worker) => worker.start()));
      await eventually('everybody to be killed', async () => {
        await learn();
        return (
          killed !== undefined ||
          (await tasksOf(cluster, jobId)).some((task) => task.stage === 'check' && task.status === 'completed')
        );
      });
      await killed;
      if (killed) kills++;
      const finished = (await tasksOf(cluster, jobId)).filter(({ status }) => status === 'completed');
      await Promise.all(cluster.workers.map((worker) => worker.start()));
      expect(await ended(cluster, jobId)).toBe('completed');
      const after = new Map((await tasksOf(cluster, jobId)).map((task) => [task.id, task.attempt]));
      again += finished.filter(({ id, attempt }) => after.get(id) !== attempt).length;
      mine = undefined;
    }
  }
  const manifest = await DRILLS['a worker that dies with its report'](undefined);
  report(
    'T11',
    `${kills} kills right after a stage, ${again} finished stages begun again; killed between file and report: ${manifest.length === 0 ? 'the file was used' : manifest[0]}`,
    {
      ...{ seed, kills, again },
    },
  );
  expect(again).toBe(0);
  expect(kills).toBeGreaterThan(rounds);
  expect(manifest).toEqual([]);
});
