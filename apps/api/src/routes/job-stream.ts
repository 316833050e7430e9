import { PassThrough } from 'node:stream';
import { hasEnded } from '@reverie/contracts';
import { eventsOf, findJob, type Sight } from '@reverie/db';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { JobNow } from '../jobs/feed.ts';
import { notFound, Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { viewOf } from './job-view.ts';
import { IdParams, problemsOf } from './shapes.ts';
import { streamPath } from './stream-link.ts';

/** Proxies hang up on a line that is silent for a minute, some for half of one. */
const HEARTBEAT_MS = 15_000;
/** A reader that is so far behind is hung up on, and comes back with Last-Event-ID. */
const MOST_UNREAD_BYTES = 8 * 1024 ** 2;

const DESCRIPTION = `Server-sent events. \`snapshot\` is the job as \`GET /jobs/{id}\` shows it. Then comes everything that
happened to it, in order, each with its \`id\` and named by what it is (\`task.started\`, \`job.completed\` …); \`progress\` at most
twice a second; and \`ended\`, after which the stream ends. Who connects again with \`Last-Event-ID\` misses nothing, and gets
204 when there is nothing more to come. \`links.stream\` of a job is an address that needs no key, for EventSource.`;

/** A job as it happens. */
export const jobStream =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const { links } = api.config;

    /** A signed link shows the job it names; otherwise it takes a key, and the job must be its owner's. */
    function sightFor(request: FastifyRequest, id: string): Sight {
      const query = request.query as { signature?: string };
      if (query.signature !== undefined) {
        if (links.verifyPath(streamPath(id), query)) return {};
        throw new Refusal(403, 'bad_link', 'This link has expired or was altered. Ask the job for a fresh one.');
      }
      if (request.principal.scopes.includes('read')) return sightOf(request);
      if (request.principal.scopes.length > 0) throw new Refusal(403, 'forbidden', 'This key lacks the scope "read".');
      throw new Refusal(401, 'unauthorized', 'Send an API key, or use links.stream of the job.');
    }

    app.get(
      '/jobs/:id/stream',
      {
        config: { scope: 'link' },
        exposeHeadRoute: false,
        schema: {
          tags: ['jobs'],
          summary: 'A job as it happens, as server-sent events',
          description: DESCRIPTION.replaceAll('\n', ' '),
          params: IdParams,
          headers: z.object({ 'last-event-id': z.string().optional().describe('The last `id` that was seen') }),
          querystring: z.object({ expires: z.string().optional(), signature: z.string().optional() }),
          response: {
            200: z.any().describe('text/event-stream'),
            204: z.null().describe('It has ended, and you have seen it all: EventSource does not come back'),
            ...problemsOf(401, 403, 404, 503),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const job = await findJob(api.db, id, sightFor(request, id));
        if (!job) throw notFound('job', id);
        const seen = readLastId(request.headers['last-event-id']);
        if (seen > 0 && hasEnded(job.status) && (await eventsOf(api.db, id, seen)).length === 0)
          return reply.code(204).send(null);
        const snapshot = await viewOf(api, api.db, job);
        if (reply.raw.destroyed) return reply.hijack(); // gone already

        const body = new PassThrough();
        const write = (text: string) => {
          if (body.writableLength > MOST_UNREAD_BYTES) reply.raw.destroy();
          else body.write(text);
        };
        write(asEvent('snapshot', snapshot));
        const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS);
        const tell = teller(seen, write);
        const stop = api.following.follow(id, {
          tell(now) {
            tell(now);
            if (!now.job || hasEnded(now.job.status)) end();
          },
          end,
        });
        function end() {
          clearInterval(heartbeat);
          stop();
          body.end();
        }
        reply.raw.once('close', end);
        return reply
          .header('cache-control', 'no-cache')
          .header('x-accel-buffering', 'no') // nginx would collect it
          .header('connection', 'close') // a server that stops does not wait for the line to be hung up
          .type('text/event-stream')
          .send(body);
      },
    );
  };

/** Writes what is new since it was last called. */
function teller(seen: number, write: (text: string) => void): (now: JobNow) => void {
  let next = 0;
  let shown = '';
  return ({ job, events, progress }) => {
    for (; next < events.length; next++) {
      const { seq, type, at, data } = events[next]!;
      if (seq > seen) write(asEvent(type, { ...data, type, at }, seq));
    }
    if (!job || hasEnded(job.status))
      return write(asEvent('ended', { status: job?.status ?? 'deleted', progress: progress.progress }));
    const text = asEvent('progress', progress);
    if (text !== shown) write(text);
    shown = text;
  };
}

const asEvent = (name: string, data: object, id?: number) =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** What is no number of ours is taken for nothing seen: better twice than never. */
const readLastId = (text: string | undefined): number => (/^\d{1,15}$/.test(text ?? '') ? Number(text) : 0);
