import { JobStatus, Priority } from '@reverie/contracts';
import { countJobs, findJob, listJobs, tasksOf } from '@reverie/db';
import { PIPELINES } from '@reverie/pipelines';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { cancel } from '../jobs/cancel.ts';
import { retry } from '../jobs/retry.ts';
import { submit } from '../jobs/submit.ts';
import { notFound } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { JobSummary, JobView, summaryOf, viewOf } from './job-view.ts';
import { cursorOf, IdempotencyHeaders, IdParams, PageQuery, problemsOf, readCursor } from './shapes.ts';

const PIPELINE_NAMES = PIPELINES.map(({ name }) => name) as [string, ...string[]];

const NewJob = z.strictObject({
  pipeline: z.enum(PIPELINE_NAMES).describe(PIPELINES.map(({ name, summary }) => `\`${name}\`: ${summary}`).join('\n')),
  input: z.record(z.string(), z.unknown()).describe("The pipeline's input; its shape is in docs/pipelines.md"),
  priority: Priority.default('normal'),
  metadata: z.record(z.string().max(100), z.unknown()).optional().describe('Given back untouched with the job'),
});

export const jobs =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['jobs'];

    app.post(
      '/jobs',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Submit a job to any pipeline',
          body: NewJob,
          headers: IdempotencyHeaders,
          response: {
            202: JobView,
            200: JobView.describe('The job this key already made'),
            ...problemsOf(401, 403, 409, 422, 503),
          },
        },
      },
      async (request, reply) => {
        const { pipeline, input, priority, metadata } = request.body;
        const key = request.headers['idempotency-key'];
        const { owner } = request.principal;
        const { job, created } = await api.db.transaction((tx) =>
          submit(tx, api.subjects, { owner, pipeline, input, priority, metadata, key }),
        );
        return reply
          .code(created ? 202 : 200)
          .header('location', `/jobs/${job.id}`)
          .send(await viewOf(api, api.db, job));
      },
    );

    app.get(
      '/jobs',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'List jobs, newest first',
          querystring: PageQuery.extend({ status: JobStatus.optional(), pipeline: z.string().max(100).optional() }),
          response: {
            200: z.object({ total: z.int(), jobs: z.array(JobSummary), next_cursor: z.string().nullable() }),
            ...problemsOf(401, 403, 422, 503),
          },
        },
      },
      async (request) => {
        const { limit, cursor, ...query } = request.query;
        const filter = { ...query, ...sightOf(request) };
        const [rows, total] = await Promise.all([
          listJobs(api.db, { ...filter, limit, after: readCursor(cursor) }),
          countJobs(api.db, filter),
        ]);
        const tasks =
          rows.length === 0
            ? []
            : await tasksOf(
                api.db,
                rows.map(({ id }) => id),
              );
        return {
          total,
          jobs: rows.map((job) =>
            summaryOf(
              job,
              tasks.filter((task) => task.jobId === job.id),
              api.hub,
            ),
          ),
          next_cursor: rows.length === limit ? cursorOf(rows.at(-1)) : null,
        };
      },
    );

    app.get(
      '/jobs/:id',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'One job: stages, attempts, artifacts, error',
          params: IdParams,
          response: { 200: JobView, ...problemsOf(401, 403, 404, 503) },
        },
      },
      async (request) => {
        const job = await findJob(api.db, request.params.id, sightOf(request));
        if (!job) throw notFound('job', request.params.id);
        return viewOf(api, api.db, job);
      },
    );

    app.post(
      '/jobs/:id/cancel',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Cancel a job wherever it is; what runs is killed',
          params: IdParams,
          response: { 200: JobView, ...problemsOf(401, 403, 404, 409, 503) },
        },
      },
      async (request) => viewOf(api, api.db, await cancel(api, request.params.id, sightOf(request))),
    );

    app.post(
      '/jobs/:id/retry',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Run a failed or cancelled job again; finished stages stay finished',
          params: IdParams,
          body: z
            .strictObject({ from: z.string().max(100).optional().describe('Begin anew with this stage') })
            .nullish(),
          response: { 202: JobView, ...problemsOf(401, 403, 404, 409, 422, 503) },
        },
      },
      async (request, reply) => {
        const job = await retry(api, request.params.id, sightOf(request), request.body?.from);
        return reply.code(202).send(await viewOf(api, api.db, job));
      },
    );
  };
