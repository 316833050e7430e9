import { type ArtifactRow, artifactsOf, attemptsOf, type Job, type Sql, type Task } from '@reverie/db';
import { pipelineNamed } from '@reverie/pipelines';
import { z } from 'zod';
import { outlookOf } from '../jobs/outlook.ts';
import { byStage } from '../jobs/stages.ts';
import type { Api } from './api.ts';
import { JobSummary, summaryOf } from './job-summary.ts';
import { iso, Time } from './shapes.ts';
import { StageView, stageView } from './stage-view.ts';
import { streamLink } from './stream-link.ts';

const ArtifactView = z.object({
  key: z.string(),
  stage: z.string(),
  bytes: z.int(),
  content_type: z.string(),
  url: z.url().describe('Works without credentials until `expires_at`'),
  expires_at: z.iso.datetime(),
});

/** A job in the words of this product. */
export const PlainJob = JobSummary.extend({
  held: z.boolean(),
  callback_url: z.url().nullable(),
  start_by: Time,
  deadline: Time,
  queue_position: z.int().optional().describe('1 is next; while nothing of it has begun'),
  eta_seconds: z.int().optional().describe('By what such jobs took lately'),
  subject: z.uuid().nullable().describe('The row the job works for, such as a dream'),
  run: z.int().describe('Counts retries by hand'),
  cached_from: z.uuid().nullable().describe('The job that did the work, where the result was there already'),
  input: z.record(z.string(), z.unknown()),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  stages: z.array(StageView),
  artifacts: z.array(ArtifactView),
  links: z.object({
    self: z.url(),
    cancel: z.url(),
    retry: z.url(),
    stream: z.url().describe('For EventSource: works without credentials for a while'),
  }),
});
export type PlainJob = z.infer<typeof PlainJob>;

const artifactView = ({ config }: Pick<Api, 'config'>, row: ArtifactRow): z.infer<typeof ArtifactView> => ({
  key: row.key,
  stage: row.stage,
  bytes: row.bytes,
  content_type: row.contentType,
  url: config.links.sign('GET', row.key, config.linkSeconds),
  expires_at: new Date(Date.now() + config.linkSeconds * 1000).toISOString(),
});

/** Everything there is to know about a job. */
export async function plainView(
  api: Api,
  sql: Sql,
  { job, tasks }: { job: Job; tasks: readonly Task[] },
): Promise<PlainJob> {
  const [attempts, artifacts] = await Promise.all([
    attemptsOf(
      sql,
      tasks.map(({ id }) => id),
    ),
    artifactsOf(sql, [job.id]),
  ]);
  const stages = byStage(tasks);
  const pipeline = pipelineNamed(job.pipeline);
  const percent = ({ id, attempt }: Task) => api.hub.percent(id, attempt) ?? 0;
  const outlook = pipeline && (await outlookOf(sql, { job, pipeline, tasks, percent }));
  const self = `${api.config.publicUrl}/jobs/${job.id}`;
  return {
    ...summaryOf(job, tasks, api.hub),
    ...outlook,
    held: job.held,
    callback_url: job.callbackUrl,
    start_by: iso(job.startBy),
    deadline: iso(job.deadline),
    subject: job.subject,
    run: job.run,
    cached_from: job.cachedFrom,
    input: job.input,
    metadata: job.metadata,
    stages: (pipeline?.stages ?? []).map((stage) =>
      stageView(stage, stages.get(stage.name) ?? [], { attempts, hub: api.hub }),
    ),
    artifacts: artifacts.map((row) => artifactView(api, row)),
    links: { self, cancel: `${self}/cancel`, retry: `${self}/retry`, stream: streamLink(api.config, job.id) },
  };
}
