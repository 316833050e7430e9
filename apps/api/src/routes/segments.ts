import { artifactKey, FailureReport } from '@reverie/contracts';
import { completionsOf, findJob, type SegmentCompletion, type Task, tasksOf } from '@reverie/db';
import { ModelledSegment, model, nameOf, segments as pipeline } from '@reverie/pipelines';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notFound, Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { IdParams, iso, problemsOf, Time } from './shapes.ts';

const SegmentView = z.object({
  segment_index: z.int(),
  state: z.enum(['awaited', 'waiting', 'running', 'completed', 'failed', 'cancelled']),
  attempts: z.int(),
  seconds: z.number().nullable(),
  model: z.string().nullable(),
  output_s3_uri: z.string().nullable().describe('Document 003’s; `url` works without credentials for a while'),
  url: z.url().nullable(),
  completed_at: Time,
  error: FailureReport.nullable(),
});

export const Segments = z.object({
  job_id: z.string().describe('As whoever submitted it calls it'),
  mode: z.string().nullable(),
  total_segments: z.int().nullable().describe('null: not cut yet'),
  completed: z.int(),
  missing: z.array(z.int()).describe('Of a failed job: what a retry runs'),
  final_url: z.url().nullable(),
  segments: z.array(SegmentView),
});

/** Document 003's record of what has become of every segment. */
export const segments =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/jobs/:id/segments',
      {
        config: { scope: 'read' },
        schema: {
          tags: ['jobs'],
          summary: 'The segments of a job of the pipeline segments',
          params: IdParams,
          response: { 200: Segments, ...problemsOf(401, 403, 404, 503) },
        },
      },
      async (request) => {
        const job = await findJob(api.db, request.params.id, sightOf(request));
        if (!job) throw notFound('job', request.params.id);
        if (job.pipeline !== pipeline.name)
          throw new Refusal(
            404,
            'no_segments',
            `Job ${job.id} is of the pipeline ${job.pipeline}, which has no segments.`,
          );
        // A row that could not be taken has an input of any kind.
        const { uploaded, mode = null } = pipeline.input.safeParse(job.input).data ?? {};
        const parts = (await tasksOf(api.db, [job.id])).filter(({ stage }) => stage === model.name);
        const completions = new Map((await completionsOf(api.db, job.id)).map((row) => [row.segmentIndex, row]));
        const name = nameOf(job.id, uploaded);
        return {
          job_id: name,
          mode,
          total_segments: parts.length || uploaded?.total || null,
          completed: parts.filter(({ status }) => status === 'completed').length,
          missing:
            job.status === 'failed' ? parts.flatMap(({ status, part }) => (status === 'completed' ? [] : [part])) : [],
          final_url: job.status === 'completed' ? link(api, artifactKey.segmentsFinal(name)) : null,
          segments: parts.map((task) => viewOf(api, task, completions.get(task.part))),
        };
      },
    );
  };

const link = ({ config }: Api, key: string) => config.links.sign('GET', key, config.linkSeconds);

function viewOf(api: Api, task: Task, done: SegmentCompletion | undefined): z.infer<typeof SegmentView> {
  const made = ModelledSegment.safeParse(task.output).data;
  const state = task.awaited && task.status === 'waiting' ? 'awaited' : task.status;
  return {
    segment_index: task.part,
    state: state === 'dispatched' ? 'waiting' : state,
    attempts: task.attempt,
    seconds: made?.seconds ?? null,
    model: made?.model ?? null,
    output_s3_uri: done?.outputS3Uri ?? null,
    url: made ? link(api, made.output.key) : null,
    completed_at: iso(done?.completedAt ?? null),
    error: task.error,
  };
}
