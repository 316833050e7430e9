import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { linkSigner, openStore } from '@reverie/storage';
import type pg from 'pg';
import { clientOf } from '../../support/client.ts';
import { withClient } from '../../support/database.ts';
import { fakePod } from '../../support/fake-pod.ts';
import { type Behaviour, podLedger } from '../../support/pod-behaviour.ts';
import { type Product, type Running, startProduct } from '../../support/product.ts';
import type { Rng } from '../support/rng.ts';

/** The plan's seven behaviours, each in all its forms. */
export const BEHAVIOURS = {
  hang: ['hang', 'hang after finishing'],
  '500': ['500', '500 after finishing'],
  drop: ['drop after finishing', 'drop and go on'],
  restart: ['restart', 'forget'],
  late: ['late'],
  lie: ['lie without manifest', 'lie of another job', 'lie about files'],
  'half manifest': ['half manifest, then whole', 'half manifest'],
} as const satisfies Record<string, readonly Behaviour[]>;
type Kind = keyof typeof BEHAVIOURS;
const KINDS = Object.keys(BEHAVIOURS) as Kind[];

export interface StormOptions {
  rng: Rng;
  /** Of each behaviour. */
  runs: number;
  pods: number;
  workers: number;
  /** How long a run may take; late ones take longer. */
  timeoutSeconds: number;
  pollSeconds: number;
  leaseSeconds: number;
  /** A worker is killed so often, until all is submitted and so many are left. */
  killEveryMs: number;
  /** Nothing has ended for so long: what is left is stuck. */
  stuckAfterMs?: number;
}

export interface Storm {
  /** Jobs that did not complete, or whose post has no subtitles. */
  lost: string[];
  kinds: Record<Kind, { jobs: number; begun: number; needed: number }>;
  /** Pods that were asked while they were at another job's run of this kind, and said so: how often. */
  clashes: Partial<Record<Behaviour, number>>;
  kills: number;
  ms: number;
}

/** Runs on pods that misbehave the first time they are asked, with workers that are killed meanwhile. */
export async function podStorm(options: StormOptions): Promise<Storm> {
  const { rng, runs, timeoutSeconds } = options;
  const dir = await mkdtemp(join(tmpdir(), 'reverie-storm-'));
  const store = openStore({
    kind: 'fs',
    dir,
    links: linkSigner({ secret: 'x'.repeat(24), baseUrl: 'http://nowhere' }),
  });
  const ledger = podLedger();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const pods = await Promise.all(
    Array.from({ length: options.pods }, () =>
      fakePod({
        ...{ store, ledger, workMs: 20, lateMs: timeoutSeconds * 1_000 + 300 },
        behave: (key, nth) => (nth === 1 ? behaviourIn(key) : 'well'),
      }),
    ),
  );
  for (const pod of pods) stack.use(pod);
  const product = stack.use(
    await startProduct({
      env: {
        STORAGE_DIR: dir,
        VL_POD_RUN_URL: pods.map(({ url }) => url).join(),
        VL_POD_TIMEOUT: String(timeoutSeconds),
        VL_POD_POLL_SECONDS: String(options.pollSeconds),
        WORKER_LEASE_SECONDS: String(options.leaseSeconds),
        WORKER_FLEETS: 'gpu',
        // As many tasks as pods: what more there are would only wait in a worker instead of in their row.
        GPU_SLOTS: String(Math.ceil(options.pods / options.workers)),
      },
    }),
  );
  const began = performance.now();
  const wishes = shuffled(
    rng,
    KINDS.flatMap((kind) => Array.from({ length: runs }, (_, n) => wish(kind, n))),
  );
  for (const key of new Set(wishes)) await store.put(key, Readable.from(['#EXTM3U\n']), { contentType: 'x' });
  const workers = await Promise.all(Array.from({ length: options.workers }, () => product.startWorker()));
  const calm = new AbortController();
  const killing = killNowAndThen(product, workers, { rng, everyMs: options.killEveryMs, until: calm.signal });
  await submit(product, wishes);
  await withClient(product.databaseUrl, (client) => drain(client, { ...options, calm: () => calm.abort() }));
  const kills = await killing;

  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, { jobs: 0, begun: 0, needed: 0 }])) as Storm['kinds'];
  const lost = await withClient(product.databaseUrl, async (client) => {
    const { rows } = await client.query<{ id: string; status: string; key: string; done: boolean; error: unknown }>(
      `select j.id, j.status, j.error, j.input->>'inputKey' as key, p.has_subtitles as done
       from jobs j left join posts p on p.id = j.subject`,
    );
    for (const { id, key } of rows) {
      const counted = ledger.jobs.get(id);
      const kind = kinds[kindIn(key)];
      kind.jobs++;
      kind.begun += counted?.begun ?? 0;
      kind.needed += counted?.needed ?? 1;
    }
    return rows
      .filter(({ status, done }) => status !== 'completed' || !done)
      .map(({ id, status, key, error }) => `${id} (${key}) is ${status}: ${JSON.stringify(error)}`);
  });
  return { lost, kinds, clashes: Object.fromEntries(ledger.clashes), kills, ms: performance.now() - began };
}

function shuffled<T>(rng: Rng, list: T[]): T[] {
  const weighed = list.map((item) => ({ item, weight: rng.next() }));
  return weighed.sort((a, b) => a.weight - b.weight).map(({ item }) => item);
}

/** Runs begun for each that was needed. */
export const wasteOf = ({ kinds }: Storm): Record<string, number> =>
  Object.fromEntries(Object.entries(kinds).map(([kind, { begun, needed }]) => [kind, begun / needed]));

/** After its time a run is called off and its pod given to another task. Until a pod has heard of that, or for ever, it may be at both. */
const MAY_CLASH: readonly string[] = ['late', 'hang', 'half manifest, then whole'];

/** Pods that were given to two tasks, by what they were at. */
export const givenTwice = ({ clashes }: Storm): string[] =>
  Object.keys(clashes).filter((behaviour) => !MAY_CLASH.includes(behaviour));

export const inWords = ({ kinds, lost, clashes, kills }: Storm): string =>
  `${Object.entries(kinds)
    .map(([kind, { jobs, begun, needed }]) => `${kind}: ${jobs} jobs, ${begun} of ${needed} runs`)
    .join('; ')}; ${lost.length} lost, turned away ${JSON.stringify(clashes)}, ${kills} workers killed`;

/** The input's key says how its pod is to misbehave. */
const wish = (kind: Kind, n: number) => `storm/${kind}/${n % BEHAVIOURS[kind].length}/master.m3u8`;
const kindIn = (key: string) => key.split('/')[1] as Kind;
const behaviourIn = (key: string): Behaviour => BEHAVIOURS[kindIn(key)][Number(key.split('/')[2])]!;

async function submit({ url }: Product, inputKeys: string[]): Promise<void> {
  const call = clientOf(url);
  const left = [...inputKeys];
  const caller = async () => {
    for (let inputKey = left.pop(); inputKey !== undefined; inputKey = left.pop()) {
      const { status } = await call('POST', '/jobs', { pipeline: 'subtitles', input: { inputKey } });
      if (status !== 202) throw new Error(`a submit was answered ${status}`);
    }
  };
  await Promise.all([caller(), caller(), caller(), caller()]);
}

/** SIGKILL, and another one in its place. */
async function killNowAndThen(
  product: Product,
  workers: Running[],
  { rng, everyMs, until }: { rng: Rng; everyMs: number; until: AbortSignal },
): Promise<number> {
  let kills = 0;
  for (;;) {
    await sleep(everyMs, undefined, { signal: until }).catch(() => {});
    if (until.aborted) return kills;
    const [unlucky] = workers.splice(rng.int(0, workers.length - 1), 1);
    await unlucky!.stop('SIGKILL');
    kills++;
    workers.push(await product.startWorker());
  }
}

/** Until every job has ended; calm comes with the last tenth. */
async function drain(
  client: pg.Client,
  { runs, stuckAfterMs = 60_000, calm }: { runs: number; stuckAfterMs?: number; calm(): void },
): Promise<void> {
  let last = -1;
  let movedAt = performance.now();
  for (;;) {
    const { rows } = await client.query<{ open: number }>(
      `select count(*)::int as open from jobs where status in ('queued', 'processing')`,
    );
    const { open } = rows[0]!;
    if (open < (runs * KINDS.length) / 10) calm();
    if (open === 0) return;
    if (open !== last) movedAt = performance.now();
    last = open;
    if (performance.now() - movedAt > stuckAfterMs) return calm();
    await sleep(200);
  }
}
