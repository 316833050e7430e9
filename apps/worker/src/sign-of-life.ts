import type { Consumer } from '@reverie/queue';
import type { Api } from './report.ts';

const EVERY_MS = 15_000;

/** Tells the API that this worker is there, and how many tasks it can hold: the dispatch window is as wide as that. */
export function giveSigns(api: Api, worker: string, consumers: () => Consumer[], busy: (fleet: string) => number) {
  const say = (stopping: boolean) => {
    const fleets = consumers().map(({ fleet, slots }) => ({ fleet, slots, busy: busy(fleet) }));
    // A word that was not heard is said again in 15 s; three of them have to be missed.
    return api.sign({ worker, fleets, stopping }).catch(() => {});
  };
  void say(false);
  const timer = setInterval(() => void say(false), EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await say(true);
    },
  };
}
