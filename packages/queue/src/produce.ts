import { FLEETS, type Fleet, type QueueEntry, queueEntryId } from '@reverie/contracts';
import { type IQueueBackend, type JobType, Queue } from 'bullmq';
import { bull, isPostgres, type QueueConfig, queueName, redisConnection } from './connection.ts';
import { postgresBytes, redisBytes } from './memory.ts';
import { type Peek, peekInto } from './peek.ts';

/** The states in which an entry will still reach a worker, or is with one. */
const ALIVE: JobType[] = ['active', 'waiting', 'prioritized', 'delayed'];

export interface Producer {
  /** Adding what is already there changes nothing. */
  add(fleet: Fleet, entries: (QueueEntry & { rank: number; delayMs?: number })[]): Promise<void>;
  /** The ids of all entries that live in a fleet's queue: about twice its slots, so one call tells. */
  present(fleet: Fleet): Promise<Set<string>>;
  /** Of those, the ids of what waits for a time somebody named. */
  putOff(fleet: Fleet): Promise<Set<string>>;
  remove(fleet: Fleet, entry: QueueEntry): Promise<void>;
  /** What a fleet's queue holds, and the first ids of it; nothing is claimed. */
  peek(fleet: Fleet, most: number): Promise<Peek>;
  /** Takes everything out of every queue, whoever may be at it. */
  empty(): Promise<void>;
  /** Bytes the queue's server uses: Redis altogether, of Postgres BullMQ's own tables. */
  memory(): Promise<number>;
  /** Throws with what to do when the queue is away or would forget entries. */
  check(): Promise<void>;
  queues: Queue[];
  close(): Promise<void>;
}

/** Puts tasks in front of the fleets. */
export function openProducer(config: QueueConfig): Producer {
  const redis = isPostgres(config) ? undefined : redisConnection(config, 'produce');
  const queues = new Map(
    FLEETS.map((fleet) => {
      const { options, factory } = bull(config, fleet, 'produce', redis);
      const queue = new Queue<QueueEntry, unknown, string, unknown, unknown, string, IQueueBackend>(
        queueName(fleet),
        options,
        factory,
      );
      queue.on('error', () => {}); // every call rejects by itself
      return [fleet, queue];
    }),
  );
  const queue = (fleet: Fleet) => queues.get(fleet)!;

  return {
    async add(fleet, entries) {
      await queue(fleet).addBulk(
        entries.map(({ rank, delayMs = 0, ...entry }) => ({
          name: 'task',
          data: entry,
          opts: {
            jobId: queueEntryId(entry),
            // BullMQ takes entries without a priority first, then 1, 2 …: the rank as it is.
            ...(rank > 0 && { priority: rank }),
            ...(delayMs > 0 && { delay: delayMs }),
            removeOnComplete: { count: 200 },
            removeOnFail: { count: 200 },
          },
        })),
      );
    },
    async present(fleet) {
      return new Set(await queue(fleet).getRanges(ALIVE, 0, -1)); // all of them: the default is the first two
    },
    async putOff(fleet) {
      return new Set(await queue(fleet).getRanges(['delayed'], 0, -1));
    },
    async remove(fleet, entry) {
      // An entry that a worker holds cannot be removed; its claim or report will be refused instead.
      await queue(fleet)
        .remove(queueEntryId(entry))
        .catch(() => 0);
    },
    peek: (fleet, most) => peekInto(queue(fleet), most),
    async empty() {
      await Promise.all([...queues.values()].map((each) => each.obliterate({ force: true })));
    },
    memory: () => (redis ? redisBytes(redis) : postgresBytes(config)),
    async check() {
      await queue('cpu').getJobCountByTypes('waiting');
      if (!redis) return;
      const [, policy] = (await redis.config('GET', 'maxmemory-policy').catch(() => [])) as string[];
      if (policy !== undefined && policy !== 'noeviction') {
        throw new Error(`Redis may evict queue entries: set maxmemory-policy to noeviction (it is ${policy})`);
      }
    },
    queues: [...queues.values()] as unknown as Queue[],
    async close() {
      await Promise.all([...queues.values()].map((each) => each.close()));
      redis?.disconnect();
    },
  };
}
