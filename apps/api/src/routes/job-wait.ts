import { hasEnded } from '@reverie/contracts';
import { findJob } from '@reverie/db';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Following } from '../jobs/following.ts';
import { notFound } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { JobView, viewOf } from './job-view.ts';
import { IdParams, problemsOf } from './shapes.ts';

/** Proxies give up on an answer sooner or later; the caller asks again. */
const LONGEST_SECONDS = 120;

/** For callers who would otherwise ask again and again: the answer comes when there is something to say. */
export const jobWait =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/jobs/:id/wait',
      {
        config: { scope: 'read' },
        exposeHeadRoute: false,
        schema: {
          tags: ['jobs'],
          summary: 'The job as soon as it has ended, or when the time is over',
          description:
            'The header `x-job-ended` says which: `true`, or `false` for a job that still goes on; ask again.',
          params: IdParams,
          querystring: z.object({
            timeout: z.coerce.number().min(0).max(LONGEST_SECONDS).default(30).describe('Seconds'),
          }),
          response: { 200: JobView, ...problemsOf(401, 403, 404, 422, 503) },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const sight = sightOf(request);
        const first = await findJob(api.db, id, sight);
        if (!first) throw notFound('job', id);
        if (!hasEnded(first.status)) await ended(api.following, id, { seconds: request.query.timeout, reply });
        if (reply.raw.destroyed) return reply.hijack(); // nobody is there any more to be answered
        const job = await findJob(api.db, id, sight);
        if (!job) throw notFound('job', id);
        return reply.header('x-job-ended', hasEnded(job.status)).send(await viewOf(api, api.db, job));
      },
    );
  };

/** Until the job has ended or is gone, the time is over, the caller has left, or this process stops. */
const ended = (
  following: Following,
  jobId: string,
  { seconds, reply }: { seconds: number; reply: FastifyReply },
): Promise<void> =>
  new Promise((resolve) => {
    function over() {
      clearTimeout(timer);
      stop();
      resolve();
    }
    const timer = setTimeout(over, seconds * 1000);
    const stop = following.follow(jobId, {
      tell: ({ job }) => (!job || hasEnded(job.status)) && over(),
      end() {
        reply.header('connection', 'close'); // or the server would wait for the line to be hung up
        over();
      },
    });
    reply.raw.once('close', over);
  });
