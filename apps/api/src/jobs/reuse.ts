import { artifactsIn } from '@reverie/contracts';
import {
  artifactsOf,
  insertTasks,
  type Job,
  jobToReuse,
  moveJob,
  recordArtifacts,
  recordEvent,
  type Sql,
  type Task,
  tasksOf,
} from '@reverie/db';
import type { Pipeline } from '@reverie/pipelines';
import { hash } from './hash.ts';

/** A job that did the work, and what came of it. */
interface Result {
  job: Job;
  tasks: Task[];
}

/** What an equal job would have in common with this one; null where nothing is used again. */
export function cacheKeyOf(pipeline: Pipeline, input: Record<string, unknown>, hours: number): string | null {
  if (pipeline.cacheVersion === undefined || hours === 0) return null;
  const { noCache: _, ...asked } = input;
  return hash({ pipeline: pipeline.name, version: pipeline.cacheVersion, asked });
}

/** The result of an equal job: never another owner's, and none of whose files one is missing. */
export async function resultOf(
  sql: Sql,
  equal: { owner: string; key: string; hours: number },
): Promise<Result | undefined> {
  const job = await jobToReuse(sql, equal);
  if (!job) return undefined;
  const tasks = await tasksOf(sql, [job.id]);
  const kept = new Set((await artifactsOf(sql, [job.id])).map(({ key }) => key));
  const isWhole = artifactsIn(tasks.map(({ output }) => output)).every(({ key }) => kept.has(key));
  return isWhole ? { job, tasks } : undefined;
}

/** The job is given the other's results and ends like any other: with its events, and with its callbacks. */
export async function answerFrom(sql: Sql, from: Result, job: Job): Promise<Job> {
  const now = new Date();
  await insertTasks(
    sql,
    from.tasks.map(({ stage, part, fleet, owner, pipeline, rank, item, output, leftOut, provider }) => ({
      ...{ stage, part, fleet, owner, pipeline, rank, item, output, leftOut, provider },
      jobId: job.id,
      status: 'completed' as const,
      createdAt: job.createdAt,
      endedAt: now,
    })),
  );
  for (const { stage, output } of from.tasks) await recordArtifacts(sql, { jobId: job.id, stage }, artifactsIn(output));
  await moveJob(sql, job.id, 'processing');
  const done = await moveJob(sql, job.id, 'completed', { cachedFrom: from.job.id });
  await recordEvent(sql, job.id, 'job.completed', { cached_from: from.job.id });
  return done!;
}
