import { FLEETS, TaskProgress } from '@reverie/contracts';
import { type IQueueBackend, QueueEvents } from 'bullmq';
import { bull, type QueueConfig, queueName } from './connection.ts';

/** Hears every task's progress. Words can be missed: they are for eyes, the rows are the truth. */
export function watchProgress(
  config: QueueConfig,
  onProgress: (taskId: string, progress: TaskProgress) => void,
  onError: (error: Error) => void,
): { close(): Promise<void> } {
  const all = FLEETS.map((fleet) => {
    const { options, factory } = bull(config, fleet, 'watch');
    const events = new QueueEvents<unknown, IQueueBackend>(
      queueName(fleet),
      { ...options, blockingTimeout: 60_000 },
      factory,
    );
    events.on('error', onError);
    events.on('progress', ({ jobId, data }) => {
      const progress = TaskProgress.safeParse(data);
      if (progress.success) onProgress(jobId.split('.')[0]!, progress.data);
    });
    return events;
  });
  return {
    async close() {
      await Promise.all(all.map((events) => events.close().catch(onError)));
    },
  };
}
