import { hasEnded } from '@reverie/contracts';
import { deletePost, findPost, insertPost, listPosts, type Post, updatePost } from '@reverie/db';
import { Language, subtitles } from '@reverie/pipelines';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { sweep } from '../admin/sweep.ts';
import { cancel } from '../jobs/cancel.ts';
import { notFound, Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { PostSummary, PostView, summaryOf, viewOf } from './post-view.ts';
import { cursorOf, IdParams, PageQuery, problemsOf, readCursor } from './shapes.ts';

const { inputKey } = subtitles.input.shape;

const Fields = z.strictObject({
  user_id: z.string().trim().min(1).max(200).nullish().describe('Whose post it is where it comes from'),
  title: z.string().trim().min(1).max(500).nullish(),
  hls_s3_key: inputKey.nullish().describe('The HLS master playlist or the video, in the input bucket'),
  hls_input_key: inputKey.nullish().describe('The same; hls_s3_key comes first'),
  source_lang: Language.nullish(),
  target_lang: Language.nullish().describe('Translate the subtitles into this'),
  enable_dubbing: z.boolean().nullish(),
});
const NewPost = Fields.extend({ id: z.uuid().optional() });
const ChangedPost = Fields.extend({
  has_subtitles: z.literal(false).optional().describe('Its subtitles are no longer right, as it names another video'),
}).refine((change) => Object.keys(change).length > 0, 'names nothing to change');

/** So long a caller waits for the files to go; what is left the next sweep finds. */
const SWEEP_MS = 10_000;

/** Document 000's posts. The watch sees to the rest: a row that is written here is as good as one written with SQL. */
export const posts =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['posts'];

    const postOf = async (request: Parameters<typeof sightOf>[0] & { params: { id: string } }): Promise<Post> => {
      const post = await findPost(api.db, request.params.id, sightOf(request));
      if (!post) throw notFound('post', request.params.id);
      return post;
    };

    app.post(
      '/posts',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'A post that wants subtitles; a pod makes them as soon as it names a video',
          body: NewPost,
          response: { 201: PostView, ...problemsOf(400, 401, 403, 409, 413, 415, 422, 503) },
        },
      },
      async (request, reply) => {
        const { id } = request.body;
        const made = await insertPost(api.db, {
          ...rowOf(request.body),
          ...(id && { id }),
          owner: request.principal.owner,
        });
        if (!made)
          throw new Refusal(409, 'id_taken', `The id ${id} is taken. Leave it out and one is made for you.`, [
            { pointer: '/id', detail: 'is taken' },
          ]);
        return reply
          .code(201)
          .header('location', `/posts/${made.id}`)
          .send(await viewOf(api, made));
      },
    );

    app.get(
      '/posts',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'List posts, newest first',
          querystring: PageQuery,
          response: {
            200: z.object({ posts: z.array(PostSummary), next_cursor: z.string().nullable() }),
            ...problemsOf(401, 403, 422, 503),
          },
        },
      },
      async (request) => {
        const { limit, cursor } = request.query;
        const rows = await listPosts(api.db, { limit, after: readCursor(cursor), ...sightOf(request) });
        return { posts: rows.map(summaryOf), next_cursor: rows.length === limit ? cursorOf(rows.at(-1)) : null };
      },
    );

    app.get(
      '/posts/:id',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'One post: its subtitles, and the job that makes them',
          params: IdParams,
          response: { 200: PostView, ...problemsOf(401, 403, 404, 503) },
        },
      },
      async (request) => viewOf(api, await postOf(request)),
    );

    app.patch(
      '/posts/:id',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Change a post. Another video, with has_subtitles false, gets subtitles of its own',
          params: IdParams,
          body: ChangedPost,
          response: { 200: PostView, ...problemsOf(400, 401, 403, 404, 413, 415, 422, 503) },
        },
      },
      async (request) => {
        const { id } = await postOf(request);
        const { has_subtitles: hasSubtitles } = request.body;
        await updatePost(api.db, id, { ...rowOf(request.body), ...(hasSubtitles === false && { hasSubtitles }) });
        return viewOf(api, await postOf(request));
      },
    );

    app.delete(
      '/posts/:id',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Delete a post, its subtitles, and the job that makes them; the video it names stays',
          params: IdParams,
          response: { 204: z.null(), ...problemsOf(401, 403, 404, 503) },
        },
      },
      async (request, reply) => {
        const post = await postOf(request);
        await stop(api, post);
        await deletePost(api.db, post.id);
        await sweep(api, AbortSignal.timeout(SWEEP_MS));
        return reply.code(204).send(null);
      },
    );
  };

/** A field that was left out is left as it is; null empties it. */
function rowOf(body: z.infer<typeof Fields>) {
  const { user_id, hls_s3_key, hls_input_key, source_lang, target_lang, enable_dubbing, title } = body;
  const row = {
    ...{ userId: user_id, title, hlsS3Key: hls_s3_key, hlsInputKey: hls_input_key },
    ...{ sourceLang: source_lang, targetLang: target_lang, enableDubbing: enable_dubbing },
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as {
    [K in keyof typeof row]?: Exclude<(typeof row)[K], undefined>;
  };
}

async function stop(api: Api, { subtitleJobId, subtitleStatus }: Post): Promise<void> {
  if (subtitleJobId === null || subtitleStatus === null || hasEnded(subtitleStatus)) return;
  // It may have ended between the two lines; then there is nothing to cancel.
  await cancel(api, subtitleJobId, {}, 'the post was deleted').catch((error) => {
    if (!(error instanceof Refusal)) throw error;
  });
}
