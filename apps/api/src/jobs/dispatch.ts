import { type FleetLoad, fleetLoads, listLanes, liveWorkers, takeNext } from '@reverie/db';
import type { Life } from './life.ts';

/** Enough for a worker that has just come up and has not been counted yet. */
const LEAST_WINDOW = 2;
/** Twice the slots: the next task is there when one ends, and the rest stays in Postgres, where it can be sorted anew. */
const WINDOW_PER_SLOT = 2;

/** Fills the fleets' windows from the waiting rows. Says what it found: a sweep with nothing in flight can stop here. */
export async function dispatch({ db, queue, log }: Life): Promise<FleetLoad[]> {
  const loads = await fleetLoads(db);
  const wanting = loads.filter(({ waiting }) => waiting);
  if (wanting.length === 0) return loads;
  const [workers, caps] = await Promise.all([liveWorkers(db), fleetCaps(db)]);
  for (const { fleet, inFlight } of wanting) {
    const slots = workers.reduce((sum, worker) => sum + (worker.fleet === fleet ? worker.slots : 0), 0);
    const window = Math.min(caps.get(fleet) ?? Infinity, Math.max(LEAST_WINDOW, slots * WINDOW_PER_SLOT));
    if (window <= inFlight) continue;
    // Committed as dispatched before it is added: a crash in between leaves a row that reconcile finds missing.
    const taken = await takeNext(db, fleet, window - inFlight);
    if (taken.length === 0) continue;
    const entries = taken.map(({ id, run, rank }) => ({ task: id, run, rank }));
    await queue.add(fleet, entries).catch((error: Error) => {
      log.warn(
        { fleet, tasks: taken.length, error: error.message },
        'the queue is away, tasks will be added when it is back',
      );
    });
  }
  return loads;
}

async function fleetCaps(db: Life['db']): Promise<Map<string, number>> {
  const fleets = (await listLanes(db)).filter(({ kind }) => kind === 'fleet');
  return new Map(fleets.flatMap(({ name, cap }) => (cap === null ? [] : [[name, cap] as const])));
}

/**
 * Runs `work` whenever asked, one at a time; being asked during a run means one more after it, however often.
 * What it asks for that turn is gathered, so that a burst of submits is one dispatch.
 */
export function coalesced(work: () => Promise<unknown>, onError: (error: Error) => void) {
  let asked = false;
  let running: Promise<void> | undefined;
  const run = async () => {
    while (asked) {
      asked = false;
      await work().catch(onError);
    }
    running = undefined;
  };
  return {
    ask() {
      asked = true;
      running ??= run();
    },
    idle: () => running ?? Promise.resolve(),
  };
}
