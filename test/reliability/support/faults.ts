import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster, Member } from './cluster.ts';
import type { FaultProxy } from './proxy.ts';
import type { Rng } from './rng.ts';

/** A thing that goes wrong and, by the time it returns, was put right again. */
type Happening = (cluster: Cluster, rng: Rng, idle: Idle) => Promise<void>;

/** Members and wires that nothing is happening to. Taken ones are given back when it is over. */
export interface Idle {
  take<T extends Member | FaultProxy>(from: readonly T[], rng: Rng): { it: T; back(): void } | undefined;
}

export function idle(): Idle {
  const taken = new Set<unknown>();
  return {
    take(from, rng) {
      const free = from.filter((each) => !taken.has(each));
      if (free.length === 0) return undefined;
      const it = rng.pick(free);
      taken.add(it);
      return { it, back: () => void taken.delete(it) };
    },
  };
}

/** A frozen worker is gone for longer than its lease of 10 s and the look for lost ones every 5 s. */
const BEYOND_THE_LEASE_MS = 15_500;

const toMember =
  (whom: 'apis' | 'workers', what: (member: Member, rng: Rng) => Promise<void>): Happening =>
  async (cluster, rng, { take }) => {
    const taken = take(cluster[whom], rng);
    if (!taken) return;
    try {
      await what(taken.it, rng);
    } finally {
      taken.back();
    }
  };

const toWire =
  (what: (wire: FaultProxy, rng: Rng) => Promise<void>): Happening =>
  async (cluster, rng, { take }) => {
    const taken = take([...cluster.wires.values()], rng);
    if (!taken) return;
    try {
      await what(taken.it, rng);
    } finally {
      taken.it.heal();
      taken.back();
    }
  };

const comesBack = async (member: Member, afterMs: number) => {
  await sleep(afterMs);
  await member.start();
};

export const FAULTS = {
  'freeze worker': toMember('workers', async (worker) => {
    worker.signal('SIGSTOP');
    await sleep(BEYOND_THE_LEASE_MS);
    worker.signal('SIGCONT');
  }),
  'kill worker': toMember('workers', async (worker, rng) => {
    await worker.end('SIGKILL');
    await comesBack(worker, rng.int(0, 1_500));
  }),
  'stop worker': toMember('workers', async (worker, rng) => {
    await worker.end('SIGTERM');
    await comesBack(worker, rng.int(0, 500));
  }),
  'half-open wire': toWire(async (wire, rng) => {
    wire.become({ kind: 'half-open' });
    await sleep(rng.int(2_000, 6_000));
  }),
  'stalled wire': toWire(async (wire, rng) => {
    wire.become({ kind: 'stall' });
    await sleep(rng.int(2_000, 6_000));
  }),
  'kill api': toMember('apis', async (api, rng) => {
    await api.end('SIGKILL');
    await comesBack(api, rng.int(0, 1_000));
  }),
  'crash postgres': async (cluster) => cluster.crashPostgres(),
  'kill redis': async ({ redis }, rng) => {
    await redis?.kill();
    await sleep(rng.int(0, 2_000));
    await redis?.start();
  },
  'flush redis': async ({ redis }) => redis?.flush().catch(() => {}),
  'cut wire': toWire(async (wire, rng) => {
    wire.become({ kind: 'cut' });
    await sleep(rng.int(500, 3_000));
  }),
  'slow wire': toWire(async (wire, rng) => {
    wire.become(
      rng.chance(0.5) ? { kind: 'latency', ms: rng.int(50, 500) } : { kind: 'trickle', bytesPerSecond: 2_000 },
    );
    await sleep(rng.int(1_000, 4_000));
  }),
  'reset wires': async ({ wires }) => {
    for (const wire of wires.values()) wire.reset();
  },
} as const satisfies Record<string, Happening>;
export type FaultKind = keyof typeof FAULTS;

/** What needs Redis to go wrong; without it the queue is in Postgres, and that is crashed enough. */
const OF_REDIS: readonly FaultKind[] = ['kill redis', 'flush redis'];

export const faultKinds = (cluster: Cluster): FaultKind[] =>
  (Object.keys(FAULTS) as FaultKind[]).filter((kind) => cluster.redis !== undefined || !OF_REDIS.includes(kind));

/** Only one at a time may happen to a server. */
const ALONE: readonly FaultKind[] = ['crash postgres', 'kill redis', 'flush redis'];

export interface Rain {
  /** In this order. */
  kinds: readonly FaultKind[];
  everyMs: (rng: Rng) => number;
  rng: Rng;
  signal?: AbortSignal;
}

/** One fault after the other, while those before may still last. Says how often which happened. */
export async function rain(
  cluster: Cluster,
  { kinds, everyMs, rng, signal }: Rain,
): Promise<Partial<Record<FaultKind, number>>> {
  const counts: Partial<Record<FaultKind, number>> = {};
  const going: Promise<void>[] = [];
  const errors: unknown[] = [];
  const free = idle();
  const tails = new Map<FaultKind, Promise<void>>();
  for (const kind of kinds) {
    if (signal?.aborted) break;
    const happen = () => FAULTS[kind](cluster, rng, free).catch((error) => void errors.push(error));
    const turn = ALONE.includes(kind) ? (tails.get(kind) ?? Promise.resolve()).then(happen) : happen();
    tails.set(kind, turn);
    going.push(turn);
    counts[kind] = (counts[kind] ?? 0) + 1;
    await sleep(everyMs(rng));
  }
  await Promise.all(going);
  await cluster.mend();
  if (errors.length > 0) throw new AggregateError(errors, 'a fault could not be made');
  return counts;
}
