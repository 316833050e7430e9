import { Readable } from 'node:stream';
import { ownerOfArtifact } from '@reverie/db';
import { isKey } from '@reverie/storage';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { byteRange } from './byte-range.ts';
import { problemsOf } from './shapes.ts';

/** Types a browser may show in place; anything else is downloaded, so that no stored file ever runs as a page of ours. */
const SHOWN = /^(video|audio)\/|^image\/(png|jpeg|webp)$|^text\/vtt$/;

/** Stored files: streamed from the `fs` store, a redirect to a presigned URL for S3. */
export const artifacts =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const { links, storage, linkSeconds } = api.config;

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
        const file = await api.store.head(key);
        if (!file) throw noFile(key);
        if (storage.kind === 's3') {
          return reply.redirect(await api.store.linkTo(key, { method: 'GET', seconds: linkSeconds }), 302);
        }
        reply
          .header('accept-ranges', 'bytes')
          .header('etag', file.etag)
          .header('last-modified', file.modifiedAt.toUTCString())
          .header('cache-control', 'private, max-age=3600')
          .header('cross-origin-resource-policy', 'cross-origin')
          .header('content-disposition', SHOWN.test(file.contentType) ? 'inline' : 'attachment')
          .type(file.contentType);
        if (isKnown(request.headers['if-none-match'], file.etag)) return reply.code(304).send(null);

        const fresh = request.headers['if-range'] === undefined || request.headers['if-range'] === file.etag;
        const range = fresh ? byteRange(request.headers.range, file.bytes) : undefined;
        if (range === 'unsatisfiable') {
          reply.header('content-range', `bytes */${file.bytes}`);
          throw new Refusal(416, 'range_not_satisfiable', `The file has ${file.bytes} bytes.`);
        }
        if (range) {
          reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.bytes}`);
        }
        reply.header('content-length', range ? range.end - range.start + 1 : file.bytes);
        if (request.method === 'HEAD') return reply.send(Readable.from([]));
        const body = await api.store.get(key, range && { range });
        if (!body) throw noFile(key);
        return reply.send(body);
      },
    );
  };

/** RFC 9110: a list, weak or strong, or anything at all. */
const isKnown = (header: string | undefined, etag: string): boolean =>
  header === '*' || (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag);

const noFile = (key: string) => new Refusal(404, 'not_found', `There is no file ${key}, or it is not yours.`);
