import { findVideo, MOMENT_KINDS, type SearchScope } from '@reverie/db';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { notFound } from '../refusal.ts';
import { type Found, openSearch } from '../search/search.ts';
import { type Api, sightOf } from './api.ts';
import { IdParams, problemsOf } from './shapes.ts';

const Text = z.string().trim().min(1).max(500).describe('What is looked for, in plain words');
const Kind = z
  .enum(MOMENT_KINDS)
  .describe('speech: what is said. caption: what is seen. screen: what is written there');
const MOST = 100;

const MomentView = z.object({
  video_id: z.uuid(),
  title: z.string().nullable(),
  time: z.number().describe('Where to begin playing, in seconds'),
  start: z.number(),
  end: z.number(),
  kind: Kind,
  text: z.string(),
  score: z.number().describe('0 to 1'),
  scene_id: z.string().nullable(),
  frame: z
    .object({ id: z.string(), time: z.number(), url: z.url() })
    .nullable()
    .describe('What is to be seen then; none where no frame was taken of the scene'),
});

export const FoundView = z.object({
  mode: z.enum(['semantic', 'text']).describe('By meaning and words, or by words alone'),
  moments: z.array(MomentView).describe('Best first'),
});

/** Finds moments: what is said, seen or written in videos. */
export const videoSearch =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['videos'];
    const search = openSearch({ db: api.db, embed: api.config.providers.embed, log: api.log });

    const view = ({ mode, moments }: Found): z.infer<typeof FoundView> => ({
      mode,
      moments: moments.map(({ moment, title, frame, score }) => ({
        ...{ video_id: moment.videoId, title, kind: moment.kind, text: moment.text, scene_id: moment.sceneId },
        // Sentences begin when they begin; what is seen was seen in its frame.
        time: moment.kind === 'speech' ? moment.start : (frame?.time ?? moment.start),
        start: moment.start,
        end: moment.end,
        score: Math.round(score * 10_000) / 10_000,
        frame: frame && {
          id: frame.id,
          time: frame.time,
          url: api.config.links.sign('GET', frame.key, api.config.linkSeconds),
        },
      })),
    });
    const find = async (text: string, scope: SearchScope, limit: number) => view(await search({ text, scope, limit }));

    app.get(
      '/videos/:id/search',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'Find moments in one video',
          params: IdParams,
          querystring: z.object({
            q: Text,
            kind: Kind.optional(),
            limit: z.coerce.number().int().min(1).max(MOST).default(10),
          }),
          response: { 200: FoundView, ...problemsOf(401, 403, 404, 422, 503) },
        },
      },
      async (request) => {
        const { q, kind, limit } = request.query;
        const { id } = request.params;
        const sight = sightOf(request);
        if (!(await findVideo(api.db, id, sight))) throw notFound('video', id);
        return find(q, { ...sight, videoIds: [id], kinds: kind && [kind] }, limit);
      },
    );

    app.post(
      '/videos/search',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'Find moments in all videos, or in some',
          body: z.strictObject({
            q: Text,
            video_ids: z.array(z.uuid()).min(1).max(1_000).optional().describe('Only in these'),
            kinds: z.array(Kind).min(1).optional().describe('Only these'),
            limit: z.int().min(1).max(MOST).default(10),
          }),
          response: { 200: FoundView, ...problemsOf(400, 401, 403, 413, 415, 422, 503) },
        },
      },
      async (request) => {
        const { q, video_ids: videoIds, kinds, limit } = request.body;
        return find(q, { ...sightOf(request), videoIds, kinds }, limit);
      },
    );
  };
