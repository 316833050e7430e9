import { QueueEntry } from '@reverie/contracts';
import { Relay } from 'bullmq';
import { z } from 'zod';
import { bull, type QueueConfig, relayBackend } from './connection.ts';

const Stop = z.object({ entries: z.array(QueueEntry), reason: z.string() });
type Stop = z.infer<typeof Stop>;

/** Words to whichever worker holds a task. A word lost is no harm: the worker's next one to the API is refused. */
export interface Signals {
  stop(what: Stop): Promise<void>;
  onStop(listener: (what: Stop) => void): Promise<void>;
  close(): Promise<void>;
}

/** A read that waits is woken by a word at once; asking more often only costs commands. */
const QUIET = { blockTimeout: 30_000, leaseDuration: 180_000 };

export function openSignals(config: QueueConfig, onError: (error: Error) => void): Signals {
  const { options } = bull(config, 'signals', 'watch');
  const relay = new Relay<object>({ ...options, ...relayBackend(config), ...QUIET, namespace: 'workers' });
  relay.on('error', onError);
  return {
    stop: async (what) => void (await relay.publish('stop', what)),
    onStop: async (listener) => void (await relay.subscribe('stop', ({ data }) => listener(Stop.parse(data)))),
    close: () => relay.close(),
  };
}
