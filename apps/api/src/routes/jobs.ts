import { FAILURES, type FailureCode, hasEnded, JobStatus } from '@reverie/contracts';
import { countJobs, failedJobs, findJob, listJobs, taskStatesOf } from '@reverie/db';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { cancel } from '../jobs/cancel.ts';
import { retry } from '../jobs/retry.ts';
import { submit } from '../jobs/submit.ts';
import { notFound, Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { jobRequest, PIPELINE_NAMES, submissionOf } from './job-request.ts';
import { JobSummary, summaryOf } from './job-summary.ts';
import { JobView, viewOf } from './job-view.ts';
import { cursorOf, IdempotencyHeaders, IdParams, Instant, PageQuery, problemsOf, readCursor } from './shapes.ts';

const FAILURE_CODES = Object.keys(FAILURES) as [FailureCode, ...FailureCode[]];

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
          body: jobRequest(api.config.privateHosts),
          headers: IdempotencyHeaders,
          response: {
            202: JobView,
            200: JobView.describe('The job this key already made, or a new one whose result was there already'),
            ...problemsOf(401, 403, 409, 422, 503),
          },
        },
      },
      async (request, reply) => {
        const { owner } = request.principal;
        const submission = submissionOf(request.body, { owner, key: request.headers['idempotency-key'] });
        const { job, created } = await api.db.transaction((tx) => submit(tx, api, submission));
        return reply
          .code(created && !hasEnded(job.status) ? 202 : 200)
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
        const ids = rows.map(({ id }) => id);
        const tasks = Map.groupBy(await taskStatesOf(api.db, ids), ({ jobId }) => jobId);
        return {
          total,
          jobs: rows.map((job) => summaryOf(job, tasks.get(job.id) ?? [], api.hub)),
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
      '/jobs/retry',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Retry many: the failed jobs that match, oldest first; with `dry_run` only count them',
          body: z.strictObject({
            pipeline: z.enum(PIPELINE_NAMES).optional(),
            code: z.enum(FAILURE_CODES).optional().describe('Why they failed'),
            since: Instant.optional().describe('Failed at or after'),
            until: Instant.optional().describe('Failed before'),
            limit: z.int().min(1).max(1_000).default(100),
            dry_run: z.boolean().default(false),
          }),
          response: {
            200: z.object({ matched: z.int(), retried: z.array(z.uuid()), dry_run: z.boolean() }),
            ...problemsOf(401, 403, 422, 503),
          },
        },
      },
      async (request) => {
        const { limit, dry_run, since, until, ...rest } = request.body;
        const filter = {
          ...rest,
          ...sightOf(request),
          since: since === undefined ? undefined : new Date(since),
          until: until === undefined ? undefined : new Date(until),
        };
        const { matched, ids } = await failedJobs(api.db, { ...filter, limit });
        const retried: string[] = [];
        for (const id of dry_run ? [] : ids) {
          // Somebody else may have retried it between the two lines.
          const done = await retry(api, id, sightOf(request)).catch((error) => {
            if (!(error instanceof Refusal)) throw error;
          });
          if (done) retried.push(id);
        }
        return { matched, retried, dry_run };
      },
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
