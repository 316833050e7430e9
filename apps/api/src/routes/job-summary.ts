import { FAILURES, FailureReport, JobStatus, Priority } from '@reverie/contracts';
import type { Job, TaskState } from '@reverie/db';
import { captions, pipelineNamed } from '@reverie/pipelines';
import { z } from 'zod';
import type { Hub } from '../hub.ts';
import { progressOf } from '../jobs/progress.ts';
import { iso, Time } from './shapes.ts';

const ShownFailure = FailureReport.extend({
  stage: z.string(),
  parts: z.array(z.int()).optional().describe('Of a stage of many parts: which ones are missing'),
  fault: z.enum(['caller', 'provider', 'operator', 'platform']).describe('Whose it is'),
});

/** A job as a row of a list. */
export const JobSummary = z.object({
  job_id: z.uuid(),
  pipeline: z.string(),
  youtube_url: z.string().optional().describe('Of caption jobs: where the video is, whatever site that may be'),
  status: JobStatus,
  priority: Priority,
  progress: z.number().describe('0 to 100'),
  stage: z.string().nullable().describe('What is being done just now'),
  error: ShownFailure.nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  started_at: Time,
  ended_at: Time,
});

export function summaryOf(job: Job, tasks: readonly TaskState[], hub: Hub): z.infer<typeof JobSummary> {
  return {
    job_id: job.id,
    pipeline: job.pipeline,
    ...(job.pipeline === captions.name && { youtube_url: String(job.input.sourceUrl) }),
    status: job.status,
    priority: job.priority,
    ...progressOf(pipelineNamed(job.pipeline), tasks, hub),
    error: job.error && { ...job.error, fault: FAILURES[job.error.code].fault },
    created_at: job.createdAt.toISOString(),
    updated_at: job.updatedAt.toISOString(),
    started_at: iso(job.startedAt),
    ended_at: iso(job.endedAt),
  };
}
