import { FAILURES, FailureReport, Fleet, JobStatus, Priority } from '@reverie/contracts';
import {
  type ArtifactRow,
  type Attempt,
  artifactsOf,
  attemptsOf,
  type Job,
  type Sql,
  type Task,
  tasksOf,
} from '@reverie/db';
import { type Pipeline, pipelineNamed, type Stage } from '@reverie/pipelines';
import { z } from 'zod';
import type { Hub } from '../hub.ts';
import { outlookOf } from '../jobs/outlook.ts';
import { byStage } from '../jobs/stages.ts';
import type { Api } from './api.ts';

const time = z.iso.datetime().nullable();
const ShownFailure = FailureReport.extend({
  stage: z.string(),
  fault: z.enum(['caller', 'provider', 'operator', 'platform']).describe('Whose it is'),
});

const ArtifactView = z.object({
  key: z.string(),
  stage: z.string(),
  bytes: z.int(),
  content_type: z.string(),
  url: z.url().describe('Works without credentials until `expires_at`'),
  expires_at: z.iso.datetime(),
});

const AttemptView = z.object({
  attempt: z.int(),
  part: z.int(),
  worker: z.string(),
  outcome: z.string(),
  started_at: time,
  ended_at: time,
  error: FailureReport.nullable(),
});

const StageView = z.object({
  name: z.string(),
  fleet: Fleet,
  state: z.enum(['pending', 'waiting', 'running', 'completed', 'failed', 'cancelled']),
  progress: z.number().describe('0 to 100'),
  parts: z.object({ total: z.int(), completed: z.int() }),
  started_at: time,
  ended_at: time,
  attempts: z.array(AttemptView),
});

export const JobSummary = z.object({
  job_id: z.uuid(),
  pipeline: z.string(),
  status: JobStatus,
  priority: Priority,
  progress: z.number().describe('0 to 100'),
  stage: z.string().nullable().describe('What is being done just now'),
  error: ShownFailure.nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  started_at: time,
  ended_at: time,
});

export const JobView = JobSummary.extend({
  held: z.boolean(),
  callback_url: z.url().nullable(),
  start_by: time,
  deadline: time,
  queue_position: z.int().optional().describe('1 is next; while nothing of it has begun'),
  eta_seconds: z.int().optional().describe('By what such jobs took lately'),
  subject: z.uuid().nullable().describe('The row the job works for, such as a dream'),
  run: z.int().describe('Counts retries by hand'),
  input: z.record(z.string(), z.unknown()),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  stages: z.array(StageView),
  artifacts: z.array(ArtifactView),
  links: z.object({ self: z.url(), cancel: z.url(), retry: z.url() }),
});

const iso = (date: Date | null) => date?.toISOString() ?? null;

/** How far a stage is: finished parts count whole, running ones by what was heard of them. */
function stageProgress(parts: readonly Task[], hub: Hub): number {
  if (parts.length === 0) return 0;
  const sum = parts.reduce((total, { id, status, attempt }) => {
    if (status === 'completed') return total + 100;
    return total + (status === 'running' ? (hub.percent(id, attempt) ?? 0) : 0);
  }, 0);
  return sum / parts.length;
}

/** The bar of the whole job: every stage by its weight. */
export function progressOf(
  pipeline: Pipeline | undefined,
  tasks: readonly Task[],
  hub: Hub,
): { progress: number; stage: string | null } {
  if (!pipeline) return { progress: 0, stage: null };
  const stages = byStage(tasks);
  const whole = pipeline.stages.reduce((sum, { weight }) => sum + weight, 0);
  const done = pipeline.stages.reduce(
    (sum, stage) => sum + stage.weight * stageProgress(stages.get(stage.name) ?? [], hub),
    0,
  );
  const current = pipeline.stages.find((stage) => {
    const parts = stages.get(stage.name);
    return parts?.some((part) => ['waiting', 'dispatched', 'running'].includes(part.status));
  });
  return { progress: Math.round((done / whole) * 10) / 10, stage: current?.name ?? null };
}

export function summaryOf(job: Job, tasks: readonly Task[], hub: Hub): z.infer<typeof JobSummary> {
  return {
    job_id: job.id,
    pipeline: job.pipeline,
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

function stateOf(parts: readonly Task[]): z.infer<typeof StageView>['state'] {
  const has = (...statuses: Task['status'][]) => parts.some((part) => statuses.includes(part.status));
  if (parts.length === 0) return 'pending';
  if (has('failed')) return 'failed';
  if (has('cancelled')) return 'cancelled';
  if (has('running')) return 'running';
  return has('waiting', 'dispatched') ? 'waiting' : 'completed';
}

function stageView(
  stage: Stage,
  parts: readonly Task[],
  attempts: readonly Attempt[],
  hub: Hub,
): z.infer<typeof StageView> {
  const partOf = new Map(parts.map((task) => [task.id, task.part]));
  const own = attempts.filter((attempt) => partOf.has(attempt.taskId));
  const state = stateOf(parts);
  const ends = parts.map((task) => task.endedAt?.getTime() ?? 0);
  return {
    name: stage.name,
    fleet: stage.fleet,
    state,
    progress: Math.round(stageProgress(parts, hub) * 10) / 10,
    parts: { total: parts.length, completed: parts.filter((task) => task.status === 'completed').length },
    started_at: iso(own[0]?.startedAt ?? null),
    ended_at: ['completed', 'failed', 'cancelled'].includes(state) ? new Date(Math.max(...ends)).toISOString() : null,
    attempts: own.map((attempt) => ({
      attempt: attempt.attempt,
      part: partOf.get(attempt.taskId)!,
      worker: attempt.worker,
      outcome: attempt.outcome,
      started_at: iso(attempt.startedAt),
      ended_at: iso(attempt.endedAt),
      error: attempt.error,
    })),
  };
}

const artifactView = ({ config }: Pick<Api, 'config'>, row: ArtifactRow): z.infer<typeof ArtifactView> => ({
  key: row.key,
  stage: row.stage,
  bytes: row.bytes,
  content_type: row.contentType,
  url: config.links.sign('GET', row.key, config.linkSeconds),
  expires_at: new Date(Date.now() + config.linkSeconds * 1000).toISOString(),
});

/** Everything there is to know about one job. */
export async function viewOf(api: Api, sql: Sql, job: Job): Promise<z.infer<typeof JobView>> {
  const tasks = await tasksOf(sql, [job.id]);
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
    input: job.input,
    metadata: job.metadata,
    stages: (pipeline?.stages ?? []).map((stage) => stageView(stage, stages.get(stage.name) ?? [], attempts, api.hub)),
    artifacts: artifacts.map((row) => artifactView(api, row)),
    links: { self, cancel: `${self}/cancel`, retry: `${self}/retry` },
  };
}
