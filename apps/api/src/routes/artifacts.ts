import { ownerOfArtifact } from '@reverie/db';
import { isKey } from '@reverie/storage';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { noFile, sendFile } from './send-file.ts';
import { problemsOf } from './shapes.ts';

/** Stored files: streamed from the `fs` store, a redirect to a presigned URL for S3. */
export const artifacts =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const { links } = api.config;

    /** A signed link opens what it names; otherwise the key's owner may have it. */
    async function admit(request: FastifyRequest, key: string): Promise<void> {
      if (!isKey(key)) throw noFile(key);
      const query = request.query as { expires?: unknown; signature?: unknown };
      if (query.signature !== undefined) {
        if (links.verify(request.method, key, query)) return;
        throw new Refusal(
          403,
          'bad_link',
          'This link has expired or was altered. Ask the job or the dream for a fresh one.',
        );
      }
      if (request.principal.scopes.length === 0) {
        throw new Refusal(
          401,
          'unauthorized',
          'Use the signed link from the answer that named this file, or send an API key.',
        );
      }
      const { owner } = sightOf(request);
      if (owner !== undefined && (await ownerOfArtifact(api.db, key)) !== owner) throw noFile(key);
    }

    app.get(
      '/artifacts/*',
      {
        config: { scope: 'link' },
        schema: {
          tags: ['artifacts'],
          summary: 'A stored file; ranges and ETags work',
          params: z.object({ '*': z.string() }),
          querystring: z.object({ expires: z.string().optional(), signature: z.string().optional() }),
          response: {
            200: z.any().describe('The file'),
            206: z.any().describe('The part of the file that was asked for'),
            302: z.any().describe('Where S3 has it'),
            304: z.any().describe('You have it already'),
            ...problemsOf(401, 403, 404, 416, 503),
          },
        },
      },
      async (request, reply) => {
        const key = request.params['*'];
        await admit(request, key);
        return sendFile(api, { request, reply, key });
      },
    );
  };
