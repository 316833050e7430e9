import { findVideo, scenesOf, segmentsOf } from '@reverie/db';
import { asSrt, asVtt } from '@reverie/pipelines';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notFound, Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { IdParams, problemsOf } from './shapes.ts';
import { FrameView, frameViews, SceneView, sceneView, TranscriptView, transcriptView } from './video-view.ts';

const CONTENT_TYPES = { srt: 'application/x-subrip', vtt: 'text/vtt', text: 'text/plain' };

/** What was found in a video, one kind at a time. */
export const videoParts =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const shared = { tags: ['videos'], params: IdParams };
    const failures = problemsOf(401, 403, 404, 503);

    const videoFor = async (request: FastifyRequest<{ Params: { id: string } }>) => {
      const video = await findVideo(api.db, request.params.id, sightOf(request));
      if (!video) throw notFound('video', request.params.id);
      return video;
    };

    app.get(
      '/videos/:id/scenes',
      {
        config: { scope: 'read' },
        schema: {
          ...shared,
          summary: 'Its scenes, from the first moment to the last',
          response: { 200: z.object({ scenes: z.array(SceneView) }), ...failures },
        },
      },
      async (request) => ({ scenes: (await scenesOf(api.db, (await videoFor(request)).id)).map(sceneView) }),
    );

    app.get(
      '/videos/:id/frames',
      {
        config: { scope: 'read' },
        schema: {
          ...shared,
          summary: 'Its frames, and what is seen in them',
          response: { 200: z.object({ frames: z.array(FrameView) }), ...failures },
        },
      },
      async (request) => ({ frames: await frameViews(api, (await videoFor(request)).id) }),
    );

    app.get(
      '/videos/:id/transcript',
      {
        config: { scope: 'read' },
        schema: {
          ...shared,
          summary: 'What is said in it; also as subtitles',
          querystring: z.object({ format: z.enum(['json', 'srt', 'vtt', 'text']).default('json') }),
          response: {
            200: z.union([TranscriptView, z.string().describe('SRT, WebVTT or plain text')]),
            ...failures,
            ...problemsOf(422),
          },
        },
      },
      async (request, reply) => {
        const video = await videoFor(request);
        const segments = await segmentsOf(api.db, video.id);
        const transcript = transcriptView(video, segments);
        if (!transcript) {
          const why = video.without?.transcribe ?? `its analysis is ${video.status ?? 'not asked for'}`;
          throw new Refusal(404, 'no_transcript', `There is no transcript of this video: ${why}.`);
        }
        const { format } = request.query;
        if (format === 'json') return transcript;
        const text = { srt: () => asSrt(segments), vtt: () => asVtt(segments), text: () => `${transcript.text}\n` };
        return reply.type(`${CONTENT_TYPES[format]}; charset=utf-8`).send(text[format]());
      },
    );
  };
