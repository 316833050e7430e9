import type { Consumer } from '@reverie/queue';
import type { Api } from './report.ts';

const EVERY_MS = 15_000;
/** Until the API has heard the first one: a worker that came up before it should not wait to be counted. */
const FIRST_EVERY_MS = 500;

export interface Signing {
  worker: string;
  consumers: readonly Consumer[];
  busy(fleet: string): number;
  /** What it can do because somebody has set it up. */
  abilities: readonly string[];
}

/** Tells the API that this worker is there, and how many tasks it can hold: the dispatch window is as wide as that. */
export function giveSigns(api: Api, { worker, consumers, busy, abilities }: Signing) {
  let timer: NodeJS.Timeout;
  const say = async (stopping: boolean): Promise<boolean> => {
    const fleets = consumers.map(({ fleet, slots }) => ({ fleet, slots, busy: busy(fleet) }));
    // One that was not heard is said again; the API counts on a worker for three of them.
    return api.sign({ worker, fleets, stopping, abilities: [...abilities] }).then(
      () => true,
      () => false,
    );
  };
  const go = async (heardBefore: boolean) => {
    const heard = (await say(false)) || heardBefore;
    timer = setTimeout(go, heard ? EVERY_MS : FIRST_EVERY_MS, heard);
  };
  void go(false);
  return {
    async stop() {
      clearTimeout(timer);
      await say(true);
    },
  };
}
