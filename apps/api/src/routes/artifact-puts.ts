import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import type { Api } from './api.ts';
import { problemsOf } from './shapes.ts';

/** What is sent to presigned links of the `fs` store: whole files, and parts of uploads. S3 takes its own. */
export const artifactPuts =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const { links } = api.config;
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

    app.put(
      '/artifacts/*',
      {
        config: { scope: 'link', takesFiles: true },
        schema: {
          tags: ['artifacts'],
          summary: 'Upload to a presigned link of the fs store',
          params: z.object({ '*': z.string() }),
          querystring: z.object({
            expires: z.string().optional(),
            signature: z.string().optional(),
            upload: z.string().optional(),
            part: z.string().optional(),
            bytes: z.string().optional(),
          }),
          response: {
            200: z.object({ number: z.int(), bytes: z.int() }).describe('The part is there; its ETag is in the header'),
            201: z.object({ key: z.string(), bytes: z.int() }),
            ...problemsOf(400, 403, 404, 411, 413, 503),
          },
        },
      },
      async (request, reply) => {
        const key = request.params['*'];
        const place = links.verifyPart(key, request.query);
        if (place) {
          checkLength(request, place.bytes);
          const part = await api.store.uploads.receive?.(place, request.raw).catch((error) => {
            throw request.raw.complete ? error : brokenOff();
          });
          if (part) return reply.header('etag', part.etag).code(200).send({ number: part.number, bytes: part.bytes });
          throw new Refusal(404, 'not_found', 'There is no such upload, or no more: it is complete, or was removed.');
        }
        if (!links.verify('PUT', key, request.query)) {
          throw new Refusal(403, 'bad_link', 'Uploads need a presigned link that has not expired.');
        }
        const contentType = request.headers['content-type'] ?? 'application/octet-stream';
        const stored = await api.store.put(key, request.raw, { contentType });
        return reply.code(201).send({ key, bytes: stored?.bytes ?? 0 });
      },
    );
  };

/** Node holds a body to the length its header says, so nothing need be counted. */
function checkLength({ headers }: FastifyRequest, bytes: number): void {
  const said = headers['content-length'];
  if (said === undefined) throw new Refusal(411, 'length_required', 'Send the part with its content-length.');
  if (Number(said) > bytes) {
    throw new Refusal(
      413,
      'part_too_large',
      `This link is for a part of ${bytes} bytes, and ${said} are on their way.`,
    );
  }
  if (Number(said) < bytes) {
    throw new Refusal(400, 'part_too_small', `This link is for a part of ${bytes} bytes, and only ${said} come.`);
  }
}

/** Nobody is there to read this; it is for the log, and no fault of ours. */
const brokenOff = () =>
  new Refusal(400, 'part_broken_off', 'The connection ended before the part was whole. Send it again.');
