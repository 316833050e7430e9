import type { Claim, Report, TaskProgress } from '@reverie/contracts';
import type { Api } from './report.ts';

/** A stage's latest times: enough for a 95th percentile, and no more however long the worker lives. */
const KEPT_TIMES = 200;

interface Running {
  job: string;
  stage: string;
  part: number;
  attempt: number;
  since: Date;
  percent: number;
}

/** What this worker is at, and what it has done since it started. For eyes only; the rows are the truth. */
export function keepActivity() {
  const running = new Map<string, Running>();
  const seconds = new Map<string, number[]>();
  const failed: Record<string, number> = {};
  let completed = 0;
  let released = 0;

  const told = ({ taskId, pipeline, stage }: Claim, report: Report) => {
    if (report.status === 'released') released++;
    if (report.status === 'failed') failed[report.error.code] = (failed[report.error.code] ?? 0) + 1;
    if (report.status !== 'completed') return;
    completed++;
    const since = running.get(taskId)?.since.getTime() ?? Date.now();
    const name = `${pipeline}/${stage}`;
    seconds.set(name, [...(seconds.get(name) ?? []), (Date.now() - since) / 1000].slice(-KEPT_TIMES));
  };

  return {
    /** The API, overheard: tasks begin with a claim and end with a report that was heard. */
    overhear: (api: Api): Api => ({
      ...api,
      async claim(entry, worker, signal) {
        const claim = await api.claim(entry, worker, signal);
        if (claim) {
          const { jobId, stage, part, attempt } = claim;
          running.set(claim.taskId, { job: jobId, stage, part, attempt, since: new Date(), percent: 0 });
        }
        return claim;
      },
      async report(claim, report, signal) {
        const verdict = await api.report(claim, report, signal);
        if (verdict) told(claim, report); // else it was stale: somebody else's to count
        return verdict;
      },
    }),
    progress(taskId: string, { percent }: TaskProgress) {
      const at = running.get(taskId);
      if (at) at.percent = percent;
    },
    /** However it went. */
    left: (taskId: string) => void running.delete(taskId),
    running: () => [...running].map(([task, { since, ...at }]) => ({ task, ...at, since: since.toISOString() })),
    figures() {
      const failures = Object.values(failed).reduce((sum, count) => sum + count, 0);
      const processed = completed + failures;
      return {
        processed,
        completed,
        failed: failures,
        failed_by_code: failed,
        released,
        success_rate: processed === 0 ? null : completed / processed,
        processing_times: Object.fromEntries([...seconds].map(([name, times]) => [name, percentiles(times)])),
      };
    },
  };
}
export type Activity = ReturnType<typeof keepActivity>;

function percentiles(times: number[]) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { latest: sorted.length, p50_seconds: at(0.5), p95_seconds: at(0.95) };
}
