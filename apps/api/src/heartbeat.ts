import { listen } from '@reverie/db';
import { clean } from './jobs/clean.ts';
import { coalesced, dispatch } from './jobs/dispatch.ts';
import { expire } from './jobs/expire.ts';
import type { Life } from './jobs/life.ts';
import { reconcile } from './jobs/reconcile.ts';

/** The sweep is the safety net; what usually wakes the dispatcher is the commit itself. Jittered, so replicas spread out. */
const SWEEP_MS = 2_000;

/** Keeps tasks moving: dispatches when a transaction says so, and now and then compares rows with queues. */
export function startHeartbeat(
  life: Life,
  { databaseUrl, retentionDays }: { databaseUrl: string; retentionDays: number },
) {
  const leaving = new AbortController();
  const complain = (what: string) => (error: Error) =>
    life.log.warn({ error: error.message }, `${what} did not work; it is tried again`);
  const dispatching = coalesced(() => dispatch(life), complain('dispatch'));
  const sweeping = coalesced(async () => {
    await expire(life);
    const loads = await dispatch(life);
    if (loads.some(({ inFlight }) => inFlight > 0)) await reconcile(life);
  }, complain('the sweep'));
  // Beside the others, as it may have gigabytes to delete.
  const cleaning = coalesced(() => clean(life, { retentionDays, signal: leaving.signal }), complain('cleaning'));
  const ear = listen(databaseUrl, ['reverie_waiting'], () => dispatching.ask());

  let timer: NodeJS.Timeout;
  const sweep = () => {
    sweeping.ask();
    cleaning.ask();
    timer = setTimeout(sweep, SWEEP_MS * (0.75 + Math.random() / 2));
  };
  sweep();

  return {
    wake: () => dispatching.ask(),
    async stop() {
      clearTimeout(timer);
      leaving.abort();
      await ear.close();
      await Promise.all([dispatching.idle(), sweeping.idle(), cleaning.idle()]);
    },
  };
}
