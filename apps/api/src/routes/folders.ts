import { isKey } from '@reverie/storage';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import type { Api } from './api.ts';
import { noFile, sendFile } from './send-file.ts';
import { problemsOf } from './shapes.ts';

/**
 * Everything in one folder under one signature, for playlists: what they name by relative addresses is found beside them.
 * Players run on other people's pages, so any of them may read what it has a link to.
 */
export const folders =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/folders/:folder/:expires/:signature/*',
      {
        config: { scope: 'public' },
        schema: {
          tags: ['artifacts'],
          summary: 'A file of a folder whose link was signed, such as a playlist and what it names',
          params: z.object({ folder: z.string(), expires: z.string(), signature: z.string(), '*': z.string() }),
          response: {
            200: z.any().describe('The file'),
            206: z.any().describe('The part of the file that was asked for'),
            302: z.any().describe('Where S3 has it'),
            304: z.any().describe('You have it already'),
            ...problemsOf(403, 404, 416, 503),
          },
        },
      },
      async (request, reply) => {
        const { folder: sealed, '*': name, ...seal } = request.params;
        reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', 'content-range');
        const folder = Buffer.from(sealed, 'base64url').toString();
        if (!api.config.links.verifyFolder(folder, seal))
          throw new Refusal(403, 'bad_link', 'This link has expired or was altered. Ask the post for a fresh one.');
        const key = `${folder}/${name}`;
        if (!isKey(key)) throw noFile(key);
        return sendFile(api, { request, reply, key, inPlace: /\.m3u8$/i.test(key) });
      },
    );
  };
