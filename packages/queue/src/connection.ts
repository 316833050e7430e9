import type { Fleet } from '@reverie/contracts';
import {
  type BackendFactory,
  createPostgresBackend,
  createPostgresRelayBackend,
  type IQueueBackend,
  type RelayBackendFactory,
} from 'bullmq';
import { Cluster, Redis } from 'ioredis';

/** Where the dispatch window is kept: Redis, or BullMQ's own Postgres backend where there is no Redis. */
export interface QueueConfig {
  /** redis://, rediss:// or postgres:// */
  url: string;
  /** The url is any node of a Redis Cluster. */
  cluster: boolean;
  /** Sets the queues of several installations on one server apart. */
  prefix: string;
}

/**
 * Producers must fail at once when the queue is away (the row is safe, the sweep adds it later); consumers wait for it.
 * Who watches reads what comes when it comes.
 */
type Role = 'produce' | 'consume' | 'watch';

/**
 * A command that is not answered for so long means that the other end is gone and nobody told us: the socket is
 * replaced. Without it a half-open connection holds dispatcher and workers until TCP gives up, a quarter of an hour later.
 */
const SILENCE_MS = { produce: 3_000, consume: 5_000, watch: undefined } as const satisfies Record<
  Role,
  number | undefined
>;

/** A Redis that greets later than this is not there. */
const HANDSHAKE_MS = 3_000;

export const isPostgres = ({ url }: QueueConfig) => /^postgres(ql)?:/.test(url);

/** One hash tag a fleet: in a Redis Cluster the keys that one script touches live on one node, and fleets on several. */
const redisPrefix = ({ prefix }: QueueConfig, fleet: Fleet | 'signals') => `{${prefix}:${fleet}}`;

export const postgresSchema = ({ prefix }: QueueConfig) => `${prefix.replaceAll(/[^a-z0-9_]/gi, '_')}_queue`;

export const queueName = (fleet: Fleet) => fleet;

const postgresConnection = (config: QueueConfig) => ({
  connectionString: config.url,
  schema: postgresSchema(config),
  max: 2,
});

export function redisConnection(config: QueueConfig, role: Role): Redis | Cluster {
  const retryStrategy = (times: number) => Math.min(times * 100, 1_000);
  const maxRetriesPerRequest = role === 'produce' ? 1 : null;
  const socketTimeout = SILENCE_MS[role];
  const redis = config.cluster
    ? new Cluster([config.url], { redisOptions: { maxRetriesPerRequest }, clusterRetryStrategy: retryStrategy })
    : new Redis(config.url, { maxRetriesPerRequest, retryStrategy, socketTimeout });
  if (redis instanceof Redis) {
    givesUpOnSilence(redis);
    // BullMQ makes what it blocks on by duplicate(). There silence is no bad sign, and it watches over it itself.
    const duplicate = redis.duplicate.bind(redis);
    redis.duplicate = (override) => givesUpOnSilence(duplicate({ ...override, socketTimeout: undefined }));
  }
  redis.on('error', () => {}); // reconnecting is its business; what fails meanwhile rejects where it was asked
  return redis;
}

/** Accepted, and then not a word: BullMQ would wait without end for it to become ready. */
function givesUpOnSilence(redis: Redis): Redis {
  redis.on('connect', () => {
    const late = setTimeout(() => redis.disconnect(true), HANDSHAKE_MS);
    for (const settled of ['ready', 'close'] as const) redis.once(settled, () => clearTimeout(late));
  });
  return redis;
}

interface BullOptions {
  connection: object;
  prefix?: string;
  skipVersionCheck: boolean;
  skipWaitingForReady?: boolean;
}

/** What every BullMQ class is opened with: options, and the backend that goes with the url. */
export function bull(config: QueueConfig, fleet: Fleet | 'signals', role: Role, redis?: Redis | Cluster) {
  const failFast = role === 'produce';
  if (isPostgres(config)) {
    const options: BullOptions = { connection: postgresConnection(config), skipVersionCheck: true };
    return { options, factory: createPostgresBackend as unknown as BackendFactory<IQueueBackend, object> };
  }
  const options: BullOptions = {
    connection: redis ?? redisConnection(config, role),
    prefix: redisPrefix(config, fleet),
    // Waiting for readiness, or for the version's answer, would hang a producer while Redis is away.
    skipVersionCheck: true,
    skipWaitingForReady: failFast,
  };
  return { options, factory: undefined as unknown as BackendFactory<IQueueBackend, object> };
}

export const relayBackend = (config: QueueConfig): { backend?: RelayBackendFactory<object> } =>
  isPostgres(config) ? { backend: createPostgresRelayBackend as unknown as RelayBackendFactory<object> } : {};
