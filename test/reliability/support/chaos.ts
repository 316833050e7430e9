import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../support/eventually.ts';
import { check, type Verdicts } from './checker.ts';
import { type Cluster, type ClusterOptions, startCluster } from './cluster.ts';
import { type FaultKind, faultKinds, rain } from './faults.ts';
import { openLedger } from './ledger.ts';
import { type Rng, rngOf } from './rng.ts';
import { submitMany, tiny } from './submitter.ts';

export interface ChaosOptions {
  seed: number;
  jobs: number;
  faults: number;
  /** From, to. */
  everyMs: readonly [number, number];
  /** Kinds in the order of their recovery, slowest first, each equally often: a short run ends soon after its last one. */
  slowestFirst?: boolean;
  /** Of the API's answers to workers, so many are never heard, and the work behind them is done. */
  unheard?: number;
  cluster?: ClusterOptions;
  input?: (rng: Rng) => Record<string, unknown>;
  /** After this long without any task done while nothing is wrong any more, what is left is stuck. */
  stuckAfterMs?: number;
}

export interface Chaos {
  verdicts: Verdicts;
  counts: Partial<Record<FaultKind, number>>;
  seconds: { faults: number; drain: number };
  unheard: number;
}

/** Jobs on the one side, faults on the other, and what the checker says when it is over. */
export async function chaos(options: ChaosOptions): Promise<Chaos> {
  const { seed, jobs, faults, everyMs, slowestFirst = false, unheard = 0.03, stuckAfterMs = 40_000 } = options;
  const rng = rngOf(seed);
  const ledger = openLedger();
  const deaf = rng.fork('deaf');
  let dropped = 0;
  let raining = true;
  await using cluster = await startCluster({
    apis: 2,
    workers: 3,
    ...options.cluster,
    judge(exchange) {
      ledger.saw(exchange);
      if (!raining || !deaf.chance(unheard)) return undefined;
      dropped++;
      return 'drop';
    },
  });
  const began = performance.now();
  const kinds = order(faultKinds(cluster), { faults, slowestFirst, rng: rng.fork('kinds') });
  const overMs = (faults * (everyMs[0] + everyMs[1])) / 2;
  const [counts] = await Promise.all([
    rain(cluster, { kinds, everyMs: (rng) => rng.int(...everyMs), rng: rng.fork('faults') }),
    submitMany({
      url: cluster.url,
      ledger,
      rng: rng.fork('jobs'),
      jobs,
      overMs: overMs * 0.9,
      input: options.input ?? tiny,
    }),
  ]);
  raining = false;
  const rained = performance.now();
  await drain(cluster, { stuckAfterMs });
  const drained = performance.now();
  await settleDown(cluster);
  const verdicts = await check(cluster, ledger, { leftovers: true });
  return {
    verdicts,
    counts,
    seconds: { faults: (rained - began) / 1000, drain: (drained - rained) / 1000 },
    unheard: dropped,
  };
}

function order(
  kinds: FaultKind[],
  { faults, slowestFirst, rng }: { faults: number; slowestFirst: boolean; rng: Rng },
): FaultKind[] {
  if (!slowestFirst) return Array.from({ length: faults }, (_, i) => (i < kinds.length ? kinds[i]! : rng.pick(kinds)));
  return Array.from({ length: faults }, (_, i) => kinds[Math.floor((i * kinds.length) / faults)]!);
}

/** Waits for every job to end. Returns, too, when nothing has moved for long: the checker will say what is lost. */
export async function drain({ db }: Cluster, { stuckAfterMs = 40_000, everyMs = 200 } = {}): Promise<boolean> {
  let last = '';
  let movedAt = performance.now();
  while (performance.now() - movedAt < stuckAfterMs) {
    const state = await db
      .query<{ open: number; done: string }>(
        `select (select count(*) from jobs where status in ('queued', 'processing'))::int as open,
                (select count(*) || '/' || coalesce(max(seq), 0) from events) as done`,
      )
      .then(
        ({ rows }) => rows[0],
        () => undefined,
      );
    if (state?.open === 0) return true;
    // Only ends count: a task that is lost again and again moves, and gets nowhere.
    const now = `${state?.open}/${state?.done}`;
    if (state && now !== last) {
      last = now;
      movedAt = performance.now();
    }
    await sleep(everyMs);
  }
  return false;
}

/** Workers stop in order and come back: what is left in their folders then was left behind. */
export async function settleDown({ db, workers, apis }: Cluster): Promise<void> {
  await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
  await Promise.all([...apis, ...workers].map((each) => each.start()));
  await eventually('every worker to be back', async () => {
    const { rows } = await db.query<{ id: string }>('select distinct id from workers');
    return workers.every(({ pid }) => rows.some(({ id }) => id.includes(`-${pid}-`)));
  });
}
