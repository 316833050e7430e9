import { variable } from '@reverie/contracts';
import { z } from 'zod';
import type { QueueConfig } from './connection.ts';

/** The variables that API and worker share about the queue. */
export const queueEnvironment = {
  REDIS_URL: variable(
    z.url({ protocol: /^(rediss?|postgres(ql)?)$/, error: 'must be a redis://, rediss:// or postgres:// URL' }),
    "The queue: Redis 7 or newer with maxmemory-policy noeviction, or a Postgres URL for BullMQ's Postgres backend",
    { secret: true, aliases: ['QUEUE_URL'] },
  ),
  REDIS_CLUSTER: variable(z.stringbool().default(false), 'REDIS_URL is any node of a Redis Cluster'),
  QUEUE_PREFIX: variable(
    z
      .string()
      .regex(/^[a-z0-9_-]{1,40}$/, 'must be 1 to 40 of a-z, 0-9, _ and -')
      .default('reverie'),
    'Sets the queues of several installations on one server apart',
  ),
};

export const queueConfigOf = (env: {
  REDIS_URL: string;
  REDIS_CLUSTER: boolean;
  QUEUE_PREFIX: string;
}): QueueConfig => ({
  url: env.REDIS_URL,
  cluster: env.REDIS_CLUSTER,
  prefix: env.QUEUE_PREFIX,
});
