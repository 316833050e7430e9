import { Aspect, artifactKey, DreamMetadata, hasEnded, JobStatus, NewDream, Priority } from '@reverie/contracts';
import { type Dream, deleteDream, findDream, insertDream, listDreams, lockDream, updateDream } from '@reverie/db';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { cancel } from '../jobs/cancel.ts';
import { notFound, Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { cursorOf, IdParams, PageQuery, problemsOf, readCursor } from './shapes.ts';

const DreamView = z.object({
  id: z.uuid(),
  title: z.string().nullable(),
  transcript: z.string(),
  segments: z.array(z.object({ text: z.string() })).nullable(),
  style: z.string().nullable(),
  aspect: Aspect,
  priority: Priority,
  video_job_id: z.uuid().nullable(),
  video_status: JobStatus.nullable(),
  video_url: z.url().nullable().describe('Works without credentials for a while; asked again, it is a fresh one'),
  video_metadata: DreamMetadata.nullable(),
  video_started_at: z.iso.datetime().nullable(),
  video_completed_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

/** What a caller left out is left as it is. */
const defined = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

const ChangedDream = NewDream.omit({ id: true, aspect: true, priority: true })
  .extend({ aspect: Aspect, priority: Priority })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'names nothing to change');

export const dreams =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['dreams'];

    const view = (dream: Dream): z.infer<typeof DreamView> => ({
      id: dream.id,
      title: dream.title,
      transcript: dream.transcript,
      segments: dream.segments,
      style: dream.style,
      aspect: dream.aspect,
      priority: dream.priority,
      video_job_id: dream.videoJobId,
      video_status: dream.videoStatus,
      video_url:
        dream.videoUrl && api.config.links.sign('GET', artifactKey.dreamVideo(dream.id), api.config.linkSeconds),
      video_metadata: dream.videoMetadata,
      video_started_at: dream.videoStartedAt?.toISOString() ?? null,
      video_completed_at: dream.videoCompletedAt?.toISOString() ?? null,
      created_at: dream.createdAt.toISOString(),
      updated_at: dream.updatedAt.toISOString(),
    });

    app.post(
      '/dreams',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Tell a dream',
          body: NewDream,
          response: { 201: DreamView, ...problemsOf(400, 401, 403, 409, 413, 415, 422, 503) },
        },
      },
      async (request, reply) => {
        const { id, ...dream } = request.body;
        const made = await insertDream(api.db, { ...dream, ...(id && { id }), owner: request.principal.owner });
        if (!made)
          throw new Refusal(409, 'id_taken', `The id ${id} is taken. Leave it out and one is made for you.`, [
            { pointer: '/id', detail: 'is taken' },
          ]);
        return reply.code(201).header('location', `/dreams/${made.id}`).send(view(made));
      },
    );

    app.get(
      '/dreams',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'List dreams, newest first',
          querystring: PageQuery,
          response: {
            200: z.object({ dreams: z.array(DreamView), next_cursor: z.string().nullable() }),
            ...problemsOf(401, 403, 422, 503),
          },
        },
      },
      async (request) => {
        const { limit, cursor } = request.query;
        const rows = await listDreams(api.db, { limit, after: readCursor(cursor), ...sightOf(request) });
        return { dreams: rows.map(view), next_cursor: rows.length === limit ? cursorOf(rows.at(-1)) : null };
      },
    );

    app.get(
      '/dreams/:id',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'One dream',
          params: IdParams,
          response: { 200: DreamView, ...problemsOf(401, 403, 404, 503) },
        },
      },
      async (request) => {
        const dream = await findDream(api.db, request.params.id, sightOf(request));
        if (!dream) throw notFound('dream', request.params.id);
        return view(dream);
      },
    );

    app.patch(
      '/dreams/:id',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Change a dream. Its finished video no longer fits then: the next finish makes a new one',
          params: IdParams,
          body: ChangedDream,
          response: { 200: DreamView, ...problemsOf(401, 403, 404, 409, 422, 503) },
        },
      },
      async (request) => {
        const { id } = request.params;
        return view(
          await api.db.transaction(async (tx) => {
            const dream = await lockDream(tx, id, sightOf(request));
            if (!dream) throw notFound('dream', id);
            if (dream.videoStatus && !hasEnded(dream.videoStatus)) {
              throw new Refusal(
                409,
                'video_in_the_making',
                `The video is ${dream.videoStatus}. Wait for it, or cancel job ${dream.videoJobId} first.`,
              );
            }
            const video = {
              videoJobId: null,
              videoStatus: null,
              videoUrl: null,
              videoMetadata: null,
              videoStartedAt: null,
              videoCompletedAt: null,
            };
            const { priority, ...content } = defined(request.body);
            const changed = Object.keys(content).length > 0;
            return (await updateDream(tx, id, { ...content, ...(priority && { priority }), ...(changed && video) }))!;
          }),
        );
      },
    );

    app.delete(
      '/dreams/:id',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Delete a dream, its video, and the job that makes it',
          params: IdParams,
          response: { 204: z.null(), ...problemsOf(401, 403, 404, 503) },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const dream = await findDream(api.db, id, sightOf(request));
        if (!dream) throw notFound('dream', id);
        if (dream.videoJobId && dream.videoStatus && !hasEnded(dream.videoStatus)) {
          // It may have ended between the two lines; then there is nothing to cancel.
          await cancel(api, dream.videoJobId, {}, 'the dream was deleted').catch((error) => {
            if (!(error instanceof Refusal)) throw error;
          });
        }
        const jobIds = await deleteDream(api.db, id);
        for (const prefix of [`dreams/${id}/`, ...jobIds.map((jobId) => `jobs/${jobId}/`)]) {
          for await (const file of api.store.list(prefix)) await api.store.delete(file.key);
        }
        return reply.code(204).send(null);
      },
    );
  };
