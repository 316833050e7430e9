import type { JobStatus } from '@reverie/contracts';
import { countByStatus, fleetQueues, stageTimes, storedFiles } from '@reverie/db';
import { z } from 'zod';
import type { Api } from '../routes/api.ts';
import { version } from '../version.ts';

/** A queue that says nothing for so long does not hold the other figures up. */
const PATIENCE_MS = 2_000;

const Whole = z.int().min(0);
const Share = z.number().min(0).max(1).nullable();

/** Document 004's answer, and ours beside it. */
export const Stats = z.object({
  orchestrator: z.object({ version: z.string(), environment: z.string() }),
  redis: z
    .object({
      total_jobs: Whole,
      active_jobs: Whole.describe('Queued or processing'),
      completed_jobs: Whole,
      memory_usage: z.string().describe('Of Redis, or of BullMQ’s tables in Postgres; `unknown` while it is away'),
    })
    .describe('The name is document 004’s; the counts are those of Postgres'),
  settings: z.object({
    cache_ttl_hours: z.number(),
    job_timeout_minutes: z.number(),
    poll_interval: z.number().describe('Seconds'),
    max_poll_attempts: z.int(),
  }),
  jobs: z.object({
    by_status: z.record(z.string(), Whole),
    by_pipeline: z.record(z.string(), z.record(z.string(), Whole)),
    failed: Whole,
    success_rate: Share.describe('Completed of completed and failed; null before the first'),
  }),
  queues: z.record(
    z.string(),
    z.object({ waiting: Whole, in_flight: Whole, oldest_waiting_seconds: z.number().nullable() }),
  ),
  storage: z.object({
    artifacts: Whole,
    bytes: Whole,
    estimated: z.boolean().describe('From a sample: there are more than 100,000 rows'),
  }),
  processing_times: z
    .array(z.object({ pipeline: z.string(), stage: z.string(), attempts: Whole, p50: z.number(), p95: z.number() }))
    .describe('Seconds of finished attempts of the last 24 hours, of the newest 20,000'),
});

export async function stats({ db, queue, config }: Api): Promise<z.infer<typeof Stats>> {
  const [counts, queues, files, times, memory] = await Promise.all([
    countByStatus(db),
    fleetQueues(db),
    storedFiles(db),
    stageTimes(db),
    memoryOf(queue),
  ]);
  const by_status: Partial<Record<JobStatus, number>> = {};
  const by_pipeline: Record<string, Partial<Record<JobStatus, number>>> = {};
  for (const { pipeline, status, total } of counts) {
    by_status[status] = (by_status[status] ?? 0) + total;
    by_pipeline[pipeline] = { ...by_pipeline[pipeline], [status]: total };
  }
  const { queued = 0, processing = 0, completed = 0, failed = 0, cancelled = 0 } = by_status;
  return {
    orchestrator: { version, environment: config.environment },
    redis: {
      total_jobs: queued + processing + completed + failed + cancelled,
      active_jobs: queued + processing,
      completed_jobs: completed,
      memory_usage: memory,
    },
    settings: {
      cache_ttl_hours: config.cacheHours,
      job_timeout_minutes: config.jobTimeoutMinutes,
      poll_interval: config.services.pollSeconds,
      max_poll_attempts: config.services.pollAttempts,
    },
    jobs: {
      by_status: by_status as Record<string, number>,
      by_pipeline: by_pipeline as Record<string, Record<string, number>>,
      failed,
      success_rate: completed + failed === 0 ? null : completed / (completed + failed),
    },
    queues: Object.fromEntries(
      queues.map(({ fleet, waiting, inFlight, oldestSeconds }) => [
        fleet,
        { waiting, in_flight: inFlight, oldest_waiting_seconds: oldestSeconds },
      ]),
    ),
    storage: { artifacts: files.count, bytes: files.bytes, estimated: files.estimated },
    processing_times: times,
  };
}

/** As the document writes it: 12.5MB. */
async function memoryOf(queue: Api['queue']): Promise<string> {
  const silence = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS, undefined));
  const bytes = await Promise.race([queue.memory().catch(() => undefined), silence]);
  return bytes === undefined ? 'unknown' : `${(bytes / 2 ** 20).toFixed(1)}MB`;
}
