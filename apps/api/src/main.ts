import { sayAndExit, withEnvFile } from '@reverie/contracts';
import { listApiKeys, openDatabase } from '@reverie/db';
import { openProducer, openSignals, watchProgress } from '@reverie/queue';
import { openStore } from '@reverie/storage';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { buildApp } from './app.ts';
import { isLoopback, readConfig } from './config.ts';
import { startHeartbeat } from './heartbeat.ts';
import { makeHub } from './hub.ts';
import { ownerSecrets } from './jobs/callback-secrets.ts';
import { startDelivering } from './jobs/deliver.ts';
import { startFollowing } from './jobs/following.ts';
import { postSubject } from './jobs/post-subject.ts';
import { segmentSubject } from './jobs/segment-subject.ts';
import { dreamSubject } from './jobs/subjects.ts';
import { videoSubject } from './jobs/video-subject.ts';
import { startSources } from './sources/start.ts';
import { makeTally } from './sources/tally.ts';

const config = sayAndExit(() => readConfig(withEnvFile(process.env)));
const log = pino({
  level: config.logLevel,
  name: 'api',
  redact: ['req.headers.authorization', 'req.headers["webhook-signature"]'],
});
const complain = (what: string) => (error: Error) => log.warn({ error: error.message }, what);

const databaseTrouble = complain('a database connection broke; the pool opens another');
const db = openDatabase({
  url: config.databaseUrl,
  connections: config.databasePool,
  seconds: config.databaseSeconds,
  onError: databaseTrouble,
});
const reports = openDatabase({ url: config.databaseUrl, connections: 5, onError: databaseTrouble });
const queue = openProducer(config.queue);
const queueTrouble = complain('the queue is away; it is tried again');
const signals = openSignals(config.queue, queueTrouble);
const hub = makeHub();
const progress = watchProgress(config.queue, hub.heard, queueTrouble);
const store = openStore(config.storage);
const subjects = {
  dream: dreamSubject(config.publicUrl),
  analysis: videoSubject(store),
  subtitles: postSubject(config.publicUrl),
  segments: segmentSubject(store),
};
const { backoffBaseSeconds, jobTimeoutMinutes, maxAttempts } = config;
const wake = () => heartbeat.wake();
const house = { defaults: config.defaults, abilities: config.abilities, cacheHours: config.cacheHours };
const life = {
  ...{ db, reports, queue, signals, store, subjects, house, wake, log },
  ...{ backoffBaseSeconds, jobTimeoutMinutes, maxAttempts },
};

if (config.auth === 'keys' && !isLoopback(config.host)) await needKeys();
const heartbeat = startHeartbeat(life, config);
const callbacks = openDatabase({ url: config.databaseUrl, connections: 2, onError: databaseTrouble });
const delivering = startDelivering(
  { db: callbacks, log, publicUrl: config.publicUrl, allowed: config.privateHosts, ownerSecrets: ownerSecrets(config) },
  config.databaseUrl,
);
const tally = makeTally();
const sources = startSources({ ...life, tally }, config);
const following = startFollowing({ db, hub, log }, config.databaseUrl);
const app = await buildApp({ ...life, config, hub, following, tally });
await app.listen({ host: config.host, port: config.port });

closeWithGrace({ delay: 10_000, logger: log }, async () => {
  // First those who wait for something to happen: the app closes when everybody has been answered.
  // Sources take nothing more in meanwhile.
  const taken = sources.stop();
  await following.close();
  await app.close();
  await Promise.all([heartbeat.stop(), delivering.stop(), taken]);
  await Promise.allSettled([progress.close(), signals.close(), queue.close()]);
  await Promise.all([db.close(), reports.close(), callbacks.close()]);
});

/** Open to others without a single key would be open to nobody, and looks like a fault; better to say so. */
async function needKeys(): Promise<void> {
  const keys = await listApiKeys(db).catch((error: Error) =>
    exit(`cannot start: the database does not answer (${rootOf(error)})`),
  );
  if (keys.length > 0) return;
  exit(
    `cannot start: ${config.host} is open to others and there is no API key yet. Make one: npm run keys -- create, or in a container: node apps/api/src/keys.ts create`,
  );
}

const rootOf = (error: Error): string => (error.cause instanceof Error ? rootOf(error.cause) : error.message);

function exit(message: string): never {
  log.fatal(message);
  process.exit(1);
}
