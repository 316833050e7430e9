import { hasEnded, Priority, SourceText } from '@reverie/contracts';
import { deleteVideo, findVideo, listVideos, type Video } from '@reverie/db';
import { analysis } from '@reverie/pipelines';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sweep } from '../admin/sweep.ts';
import { cancel } from '../jobs/cancel.ts';
import { submit } from '../jobs/submit.ts';
import { notFound, pointingAtSent, Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { CallbackUrl } from './callback-url.ts';
import { cursorOf, IdempotencyHeaders, IdParams, PageQuery, problemsOf, readCursor } from './shapes.ts';
import { summaryOf, VideoSummary, VideoView, viewOf } from './video-view.ts';

const { title, language, maxFrames, transcription, visionAnalysis, embeddings } = analysis.input.shape;

/** The pipeline's input in the words of this API; what is left out is as the operator has set it. */
const NewVideo = z.strictObject({
  source_url: SourceText,
  title,
  language: language.unwrap().optional(),
  max_frames: maxFrames.unwrap().optional(),
  transcription: transcription.unwrap().optional(),
  vision_analysis: visionAnalysis.unwrap().optional(),
  embeddings: embeddings.unwrap().optional(),
  priority: Priority.default('normal'),
});

/** So long a caller waits for the files to go; what is left the next sweep finds. */
const SWEEP_MS = 10_000;

export const videos =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['videos'];

    app.post(
      '/videos',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Analyse a video: what is said and seen in it, so that every moment can be found',
          body: NewVideo.extend({ callback_url: CallbackUrl(api.config.privateHosts).optional() }),
          headers: IdempotencyHeaders,
          response: {
            202: VideoSummary,
            200: VideoSummary.describe('The video this key already made'),
            ...problemsOf(400, 401, 403, 409, 413, 415, 422, 503),
          },
        },
      },
      async (request, reply) => {
        const { source_url, max_frames, vision_analysis, callback_url: callbackUrl, priority, ...same } = request.body;
        const asked = { ...same, sourceUrl: source_url, maxFrames: max_frames, visionAnalysis: vision_analysis };
        const submitted = api.db.transaction((tx) =>
          submit(tx, api, {
            owner: request.principal.owner,
            pipeline: analysis.name,
            priority,
            callbackUrl,
            key: request.headers['idempotency-key'],
            input: Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)),
          }),
        );
        const { job, created } = await submitted.catch((error) => {
          throw pointingAtSent(error, snakeCase);
        });
        const video = job.subject === null ? undefined : await findVideo(api.db, job.subject);
        if (!video)
          throw new Refusal(409, 'gone', `The video of job ${job.id} was deleted. Use a new key for a new one.`);
        return reply
          .code(created ? 202 : 200)
          .header('location', `/videos/${video.id}`)
          .send(summaryOf(video));
      },
    );

    app.get(
      '/videos',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'List videos, newest first',
          querystring: PageQuery,
          response: {
            200: z.object({ videos: z.array(VideoSummary), next_cursor: z.string().nullable() }),
            ...problemsOf(401, 403, 422, 503),
          },
        },
      },
      async (request) => {
        const { limit, cursor } = request.query;
        const rows = await listVideos(api.db, { limit, after: readCursor(cursor), ...sightOf(request) });
        return { videos: rows.map(summaryOf), next_cursor: rows.length === limit ? cursorOf(rows.at(-1)) : null };
      },
    );

    app.get(
      '/videos/:id',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'Everything about one video',
          params: IdParams,
          response: { 200: VideoView, ...problemsOf(401, 403, 404, 503) },
        },
      },
      async (request) => {
        const video = await findVideo(api.db, request.params.id, sightOf(request));
        if (!video) throw notFound('video', request.params.id);
        return viewOf(api, video);
      },
    );

    app.delete(
      '/videos/:id',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Delete a video, all that was found in it, its files and the job that looks at it',
          params: IdParams,
          response: { 204: z.null(), ...problemsOf(401, 403, 404, 503) },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const video = await findVideo(api.db, id, sightOf(request));
        if (!video) throw notFound('video', id);
        await stop(api, video);
        await deleteVideo(api.db, id);
        await sweep(api, AbortSignal.timeout(SWEEP_MS));
        return reply.code(204).send(null);
      },
    );
  };

const snakeCase = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

async function stop(api: Api, { jobId, status }: Video): Promise<void> {
  if (jobId === null || status === null || hasEnded(status)) return;
  // It may have ended between the two lines; then there is nothing to cancel.
  await cancel(api, jobId, {}, 'the video was deleted').catch((error) => {
    if (!(error instanceof Refusal)) throw error;
  });
}
