import { artifactsIn } from '@reverie/contracts';
import {
  insertTasks,
  type Job,
  jobToReuse,
  moveJob,
  recordArtifacts,
  recordEvent,
  type Sql,
  tasksOf,
} from '@reverie/db';
import type { Pipeline } from '@reverie/pipelines';
import { hash } from './hash.ts';

/** What an equal job would have in common with this one, and such a job, if its results may answer for this one. Never another owner's. */
export async function reusable(
  sql: Sql,
  {
    pipeline,
    owner,
    input,
    hours,
  }: { pipeline: Pipeline; owner: string; input: Record<string, unknown>; hours: number },
): Promise<{ key: string | null; from: Job | undefined }> {
  if (pipeline.cacheVersion === undefined || hours === 0) return { key: null, from: undefined };
  const { noCache, ...asked } = input;
  const key = hash({ pipeline: pipeline.name, version: pipeline.cacheVersion, asked });
  return { key, from: noCache === true ? undefined : await jobToReuse(sql, { owner, key, hours }) };
}

/** The job is given the other's results and ends like any other: with its events, and with its callbacks. */
export async function answerFrom(sql: Sql, from: Job, job: Job): Promise<Job> {
  const tasks = await tasksOf(sql, [from.id]);
  const now = new Date();
  await insertTasks(
    sql,
    tasks.map(({ stage, part, fleet, owner, pipeline, rank, item, output, leftOut, provider }) => ({
      ...{ stage, part, fleet, owner, pipeline, rank, item, output, leftOut, provider },
      jobId: job.id,
      status: 'completed' as const,
      createdAt: job.createdAt,
      endedAt: now,
    })),
  );
  for (const { stage, output } of tasks) await recordArtifacts(sql, { jobId: job.id, stage }, artifactsIn(output));
  await moveJob(sql, job.id, 'processing');
  const done = await moveJob(sql, job.id, 'completed', { cachedFrom: from.cachedFrom ?? from.id });
  await recordEvent(sql, job.id, 'job.completed', { cached_from: from.id });
  return done!;
}
