import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { sayAndExit, withEnvFile } from '@reverie/contracts';
import { type Consumer, openConsumer, openProducer, openSignals } from '@reverie/queue';
import { openStore } from '@reverie/storage';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { keepActivity } from './activity.ts';
import { readConfig } from './config.ts';
import { manifestsIn } from './manifests.ts';
import { apiOf } from './report.ts';
import { giveSigns } from './sign-of-life.ts';
import { startStatusServer } from './status-server.ts';
import { SHUTDOWN, take } from './take.ts';
import { openToolbox } from './toolbox.ts';
import { cacheIn } from './tools/scratch.ts';

const config = sayAndExit(() => readConfig(withEnvFile(process.env)));
const worker = `${hostname()}-${process.pid}-${randomBytes(2).toString('hex')}`;
const log = pino({ level: config.logLevel, name: 'worker' });
const onError = (error: Error) => log.warn({ error: error.message }, 'the queue is away; it is tried again');

const onAway = ({ message }: Error) =>
  log.warn({ api: config.apiUrl, error: message }, 'the API does not answer; it is asked again');
const activity = keepActivity();
const api = activity.overhear(apiOf({ ...config, onAway }));
const store = openStore(config.storage);
const { openTools, abilities } = await openToolbox(config, { store, api });
const manifests = manifestsIn(store, ({ message }) =>
  log.warn({ error: message }, 'the store is not well: work is reported without a note of it beside its files'),
);
const bench = { worker, api, log, manifests, limits: config.limits, openTools };

const busy = new Map<string, number>();
const consumers: Consumer[] = config.fleets.map(({ fleet, slots }) =>
  openConsumer(config.queue, {
    fleet,
    slots,
    worker,
    leaseSeconds: config.leaseSeconds,
    onError,
    async take(entry, taking) {
      busy.set(fleet, (busy.get(fleet) ?? 0) + 1);
      try {
        return await take(bench, entry, {
          ...taking,
          progress(at) {
            activity.progress(entry.task, at);
            taking.progress(at);
          },
        });
      } finally {
        activity.left(entry.task);
        busy.set(fleet, busy.get(fleet)! - 1);
      }
    },
  }),
);
const signals = openSignals(config.queue, onError);
await signals.onStop(({ entries, reason }) => {
  for (const entry of entries) for (const consumer of consumers) consumer.abort(entry, reason);
});
const signs = giveSigns(api, { worker, consumers, busy: (fleet) => busy.get(fleet) ?? 0, abilities });
const status =
  config.status &&
  startStatusServer({
    ...{ ...config.status, worker, consumers, activity, log },
    queue: openProducer(config.queue),
    cacheDir: cacheIn(config.scratch.dir),
  });
log.info({ worker, fleets: config.fleets, offline: !config.openai, abilities }, 'the worker is ready');

/** Of the time to stop, so much is kept for saying goodbye. */
const GOODBYE_MS = 1_000;

closeWithGrace({ delay: (config.drainSeconds + 3) * 1000, logger: log }, async () => {
  status?.drain();
  const withinMs = Math.max(GOODBYE_MS, config.drainSeconds * 1000 - 2 * GOODBYE_MS);
  await Promise.all(consumers.map((consumer) => consumer.stop({ reason: SHUTDOWN, withinMs })));
  const goodbye = Promise.allSettled([signs.stop(), signals.close()]);
  await Promise.race([goodbye, new Promise((resolve) => setTimeout(resolve, GOODBYE_MS))]);
  process.exit(0); // a Redis that is away keeps its sockets, and with them the process
});
