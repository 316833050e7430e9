import {
  admitRow,
  findJob,
  insertEndpoint,
  insertJob,
  type Job,
  jobByKey,
  type NewJob,
  recordEvent,
  type Sql,
} from '@reverie/db';
import { pipelineNamed } from '@reverie/pipelines';
import type { z } from 'zod';
import { pointerTo, Refusal } from '../refusal.ts';
import { hash } from './hash.ts';
import type { House } from './house.ts';
import { answerFrom, cacheKeyOf, resultOf } from './reuse.ts';
import { startStages } from './stages.ts';
import type { Subject } from './subjects.ts';
import type { Submission } from './submission.ts';
import { holdUploadedSource } from './upload-source.ts';
import { whatCannotBeDone } from './what-cannot-be-done.ts';

/**
 * The one door in: every source of jobs comes through here. The job and its first tasks are rows of the caller's
 * transaction; nothing is acknowledged before it commits, and the commit itself wakes the dispatcher.
 */
export async function submit(
  sql: Sql,
  { subjects, house }: { subjects: Record<string, Subject>; house: House },
  submission: Submission,
): Promise<{ job: Job; created: boolean }> {
  const { owner, priority, metadata, held, startBy, deadline, callbackUrl, key, row } = submission;
  const pipeline = pipelineNamed(submission.pipeline);
  if (!pipeline) throw new Refusal(422, 'unknown_pipeline', `There is no pipeline "${submission.pipeline}".`);
  const read = pipeline.input.safeParse({ ...house.defaults[pipeline.name], ...Object(submission.input) });
  if (!read.success) throw invalidInput(read.error);
  const input = read.data;

  const asked = { pipeline: pipeline.name, input, priority, metadata, held, startBy, deadline, callbackUrl };
  const bodyHash = key === undefined && submission.id === undefined ? null : hash(asked);
  // A row has its key already: it is the job.
  const before = key === undefined || row ? undefined : await jobByKey(sql, owner, key);
  if (before) return { job: theSame(before, bodyHash), created: false };

  await holdUploadedSource(sql, owner, input);
  const without = await whatCannotBeDone(sql, pipeline, input, house);
  const hours = house.cacheHours;
  const cacheKey = cacheKeyOf(pipeline, input, hours);
  // Somebody who holds a job does not want it over at once.
  const mayReuse = cacheKey !== null && input.noCache !== true && !held;
  const result = mayReuse ? await resultOf(sql, { owner, key: cacheKey, hours }) : undefined;
  const subject = (await subjects[pipeline.name]?.begin?.(sql, submission, input)) ?? null;
  const job = await insertOrAdmit(sql, row, {
    ...(submission.id !== undefined && { id: submission.id }),
    owner,
    pipeline: pipeline.name,
    priority,
    input,
    subject,
    metadata: metadata ?? null,
    held: held ?? false,
    startBy: startBy ?? null,
    deadline: deadline ?? null,
    callbackUrl: callbackUrl ?? null,
    idempotencyKey: key ?? null,
    bodyHash,
    without,
    cacheKey,
  });
  if (!job) {
    // Somebody else has just committed the same key, or the same id.
    const winner = await jobThatWon(sql, submission);
    if (!winner) throw new Error('a job was neither inserted nor found');
    return { job: theSame(winner, bodyHash), created: false };
  }
  if (callbackUrl !== undefined) await insertEndpoint(sql, { owner, url: callbackUrl, secrets: [], jobId: job.id });
  await recordEvent(sql, job.id, 'job.queued', { pipeline: pipeline.name });
  await subjects[pipeline.name]?.moved?.(sql, job, {});
  if (result) return { job: await answerFrom(sql, result, job), created: true };
  await startStages(sql, pipeline, job);
  return { job, created: true };
}

const insertOrAdmit = (sql: Sql, row: Job | undefined, job: NewJob): Promise<Job | undefined> =>
  row ? admitRow(sql, row.id, job) : insertJob(sql, job);

async function jobThatWon(sql: Sql, { owner, key, id }: Submission): Promise<Job | undefined> {
  if (id !== undefined) return findJob(sql, id);
  return key === undefined ? undefined : jobByKey(sql, owner, key);
}

function theSame(job: Job, bodyHash: string | null): Job {
  if (job.bodyHash === bodyHash) return job;
  // What a row is nobody can say before somebody has looked at it.
  if (!job.admitted && job.status === 'queued')
    throw new Refusal(
      503,
      'not_let_in_yet',
      `A row of jobs with this idempotency key is still to be looked at: ${job.id}.`,
    );
  throw new Refusal(
    422,
    'idempotency_key_reused',
    `This idempotency key belongs to job ${job.id}, which was submitted with another body. Use a new key for a new job.`,
  );
}

function invalidInput(error: z.ZodError): Refusal {
  return new Refusal(
    422,
    'invalid_input',
    'The input does not fit the pipeline.',
    error.issues.map((issue) => ({ pointer: pointerTo(['input', ...issue.path]), detail: issue.message })),
  );
}
