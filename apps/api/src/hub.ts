import type { TaskProgress } from '@reverie/contracts';

/** What this process has heard of running tasks. For eyes only: it may be behind, and it is gone with the process. */
export interface Hub {
  heard(taskId: string, progress: TaskProgress): void;
  /** Percent of the attempt that is running now; undefined when nothing was heard of it yet. */
  percent(taskId: string, attempt: number): number | undefined;
}

/** More tasks than can be running at once in a sensible installation; the oldest words go first. */
const MOST = 10_000;

export function makeHub(): Hub {
  const latest = new Map<string, TaskProgress>();
  return {
    heard(taskId, progress) {
      const before = latest.get(taskId);
      if (
        before &&
        (before.attempt > progress.attempt ||
          (before.attempt === progress.attempt && before.percent > progress.percent))
      )
        return;
      latest.delete(taskId);
      latest.set(taskId, progress);
      if (latest.size > MOST) latest.delete(latest.keys().next().value!);
    },
    percent(taskId, attempt) {
      const progress = latest.get(taskId);
      return progress?.attempt === attempt ? progress.percent : undefined;
    },
  };
}
