import { type Fleet, QueueEntry, queueEntryId, type TaskProgress } from '@reverie/contracts';
import { DelayedError, type IQueueBackend, type Job, WaitingError, Worker } from 'bullmq';
import { bull, type QueueConfig, queueName } from './connection.ts';

/** What became of an entry. */
export type Outcome = { kind: 'done' } | { kind: 'handed back' } | { kind: 'again'; afterMs: number };

export interface Taking {
  /** Aborts with a reason when the entry is no longer this worker's, or it shall stop. */
  signal: AbortSignal;
  progress(at: TaskProgress): void;
}

export interface ConsumerOptions {
  fleet: Fleet;
  slots: number;
  /** Shown on the dashboard as who did it. */
  worker: string;
  /** A worker that is silent for so long has lost what it held. */
  leaseSeconds: number;
  take(entry: QueueEntry, taking: Taking): Promise<Outcome>;
  onError(error: Error): void;
}

export interface Consumer {
  fleet: Fleet;
  slots: number;
  /** It takes what comes: neither stopped nor broken off. */
  isTaking(): boolean;
  /** Aborts one task, if this worker has it. */
  abort(entry: QueueEntry, reason: string): boolean;
  /** Takes nothing more and aborts what it has; returns when all of it was handed back, or after `withinMs`. */
  stop(how: { reason: string; withinMs: number }): Promise<void>;
}

/** Why a task aborts whose lease has gone: somebody else may have it already, and goes on with what was begun. */
export const LEASE_LOST = 'lease lost';

/** BullMQ's lock is the lease: renewed at half its time while the worker lives, seen as lost within one and a half of its death. */
const lease = (seconds: number) => ({
  lockDuration: seconds * 1_000,
  stalledInterval: seconds * 500,
  maxStalledCount: 1_000_000,
});

/** Takes a fleet's entries, so many at a time. */
export function openConsumer(
  config: QueueConfig,
  { fleet, slots, worker: name, leaseSeconds, take, onError }: ConsumerOptions,
): Consumer {
  const { options, factory } = bull(config, fleet, 'consume');
  // Three named parameters: BullMQ counts them to know that the signal is wanted.
  const processor = async (job: Job<QueueEntry>, token?: string, signal?: AbortSignal) => {
    const outcome = await take(QueueEntry.parse(job.data), {
      signal: signal ?? new AbortController().signal,
      progress: (at) => void job.updateProgress(at).catch(onError),
    });
    if (outcome.kind === 'handed back') {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    if (outcome.kind === 'again') {
      await job.moveToDelayed(Date.now() + outcome.afterMs, token);
      throw new DelayedError();
    }
  };
  const worker = new Worker<QueueEntry, void, string, IQueueBackend>(
    queueName(fleet),
    processor,
    {
      ...options,
      ...lease(leaseSeconds),
      name,
      concurrency: slots,
      drainDelay: 5, // seconds; a blocked read wakes at once when something is added, and a dead one is replaced after it
    },
    factory,
  );
  worker.on('error', onError);
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, LEASE_LOST);
  });

  return {
    fleet,
    slots,
    isTaking: () => worker.isRunning() && !worker.isPaused(),
    abort: (entry, reason) => worker.cancelJob(queueEntryId(entry), reason),
    async stop({ reason, withinMs }) {
      const closed = worker.close();
      worker.cancelAllJobs(reason);
      // close() never returns while Redis is away.
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([closed.catch(onError), late]);
      clearTimeout(timer);
    },
  };
}
