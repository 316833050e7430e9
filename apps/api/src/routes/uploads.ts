import { randomUUID } from 'node:crypto';
import { artifactKey } from '@reverie/contracts';
import { findUpload, insertUpload, keepUploadOpen, listUploads, type Upload } from '@reverie/db';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { completeOf, receivedOf } from '../jobs/receive-upload.ts';
import { removeUpload } from '../jobs/remove-upload.ts';
import { allParts, bytesOfPart, MOST_PARTS, missingParts, partBytesFor, partCount } from '../jobs/upload-parts.ts';
import { notFound, Refusal } from '../refusal.ts';
import { type Api, sightOf } from './api.ts';
import { cursorOf, IdParams, PageQuery, problemsOf, readCursor } from './shapes.ts';
import { ListedUpload, NewUpload, NewUploadView, PartLink, UploadView, viewOfUpload } from './upload-view.ts';

/** Links are made a hundred at a time: enough for any client that sends some parts at once. */
const MOST_LINKS = 100;

/** A file in parts: they go straight to the store, in any order, again when they broke off, and nobody sees them before all are there. */
export const uploads =
  (api: Api): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['uploads'];
    const { db, store, config } = api;
    const { maxBytes, hours } = config.uploads;

    const linksTo = (upload: Upload, numbers: number[]): Promise<z.infer<typeof PartLink>[]> =>
      Promise.all(
        numbers.map(async (number) => {
          const { id, token } = upload;
          const bytes = bytesOfPart(upload, number);
          const part = { key: artifactKey.upload(id), token, number, bytes };
          return { number, bytes, url: await store.uploads.linkToPart(part, config.linkSeconds) };
        }),
      );

    async function theUpload(request: FastifyRequest, id: string): Promise<Upload> {
      const upload = await findUpload(db, id, sightOf(request));
      if (!upload) throw notFound('upload', id);
      return upload;
    }

    app.post(
      '/uploads',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Begin to upload a file',
          description:
            'PUT each part to its link, with its content-length and without credentials. Links work for LINK_SECONDS; POST /uploads/{id}/parts gives fresh ones, and those after the first hundred. Then complete it, and name `source` as a job’s sourceUrl.',
          body: NewUpload,
          response: { 201: NewUploadView, ...problemsOf(400, 401, 403, 413, 415, 422, 503) },
        },
      },
      async (request, reply) => {
        const { filename, bytes, content_type: contentType, part_bytes } = request.body;
        if (bytes > maxBytes) {
          throw new Refusal(
            413,
            'upload_too_large',
            `${bytes} bytes are more than the ${maxBytes} that are taken here (MAX_UPLOAD_BYTES).`,
            [{ pointer: '/bytes', detail: `must be at most ${maxBytes}` }],
          );
        }
        const partBytes = partBytesFor(bytes, part_bytes);
        const id = randomUUID();
        const key = artifactKey.upload(id);
        // What a caller says it is must not decide how a browser shows it from a bucket.
        const token = await store.uploads.begin(key, { contentType: 'application/octet-stream' });
        const row = { id, owner: request.principal.owner, filename, contentType, bytes, partBytes, token };
        const upload = await insertUpload(db, row, { hours }).catch(async (error) => {
          await store.uploads.abort(key, token);
          throw error;
        });
        const numbers = allParts(upload).slice(0, MOST_LINKS);
        const parts = await linksTo(
          upload,
          numbers.map(({ number }) => number),
        );
        return reply
          .code(201)
          .header('location', `/uploads/${id}`)
          .send({ ...viewOfUpload(upload), parts });
      },
    );

    app.get(
      '/uploads',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'List uploads, newest first',
          querystring: PageQuery.extend({ status: z.enum(['open', 'complete']).optional() }),
          response: {
            200: z.object({ uploads: z.array(ListedUpload), next_cursor: z.string().nullable() }),
            ...problemsOf(401, 403, 422, 503),
          },
        },
      },
      async (request) => {
        const { limit, cursor, status } = request.query;
        const rows = await listUploads(db, { limit, status, after: readCursor(cursor), ...sightOf(request) });
        return { uploads: rows.map(viewOfUpload), next_cursor: rows.length === limit ? cursorOf(rows.at(-1)) : null };
      },
    );

    app.get(
      '/uploads/:id',
      {
        config: { scope: 'read' },
        schema: {
          tags,
          summary: 'How far an upload is, and what is missing: where to go on after an interruption',
          params: IdParams,
          response: { 200: UploadView, ...problemsOf(401, 403, 404, 410, 503) },
        },
      },
      async (request) => {
        const upload = await theUpload(request, request.params.id);
        const there = await receivedOf(api, upload);
        return { ...viewOfUpload(upload), received: there, missing: missingParts(upload, there) };
      },
    );

    app.post(
      '/uploads/:id/parts',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'Fresh links to parts; a part may be sent again, and the later one counts',
          params: IdParams,
          body: z.strictObject({
            numbers: z.array(z.int().min(1).max(MOST_PARTS)).min(1).max(MOST_LINKS).describe('From 1 to part_count'),
          }),
          response: {
            200: z.object({ upload_id: z.uuid(), expires_at: z.iso.datetime(), parts: z.array(PartLink) }),
            ...problemsOf(401, 403, 404, 409, 422, 503),
          },
        },
      },
      async (request) => {
        const numbers = [...new Set(request.body.numbers)];
        const found = await theUpload(request, request.params.id);
        const count = partCount(found);
        if (numbers.some((number) => number > count)) {
          throw new Refusal(422, 'no_such_part', `This upload has ${count} part${count === 1 ? '' : 's'}.`, [
            { pointer: '/numbers', detail: `must be from 1 to ${count}` },
          ]);
        }
        const upload = await keepUploadOpen(db, found.id, { hours });
        if (!upload) throw new Refusal(409, 'upload_not_open', 'The upload is complete, or was removed just now.');
        const { id, expiresAt } = upload;
        return { upload_id: id, expires_at: expiresAt.toISOString(), parts: await linksTo(upload, numbers) };
      },
    );

    app.post(
      '/uploads/:id/complete',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'All parts are sent: make them one file, which jobs may name as their source',
          description:
            'Asked again, it answers the same. A folder as store copies the bytes once: a minute for 20 GiB.',
          params: IdParams,
          response: { 200: ListedUpload, ...problemsOf(401, 403, 404, 409, 410, 503) },
        },
      },
      async (request) => {
        const upload = await theUpload(request, request.params.id);
        return viewOfUpload(await completeOf(api, upload, { hours }));
      },
    );

    app.delete(
      '/uploads/:id',
      {
        config: { scope: 'submit' },
        schema: {
          tags,
          summary: 'End an upload, or delete the file of a complete one',
          params: IdParams,
          response: { 204: z.null(), ...problemsOf(401, 403, 404, 409, 503) },
        },
      },
      async (request, reply) => {
        const { id } = await theUpload(request, request.params.id);
        const { usedBy } = await removeUpload(api, id);
        if (usedBy) {
          throw new Refusal(
            409,
            'upload_in_use',
            `Job ${usedBy} needs this upload. Wait for its end, or cancel it first.`,
          );
        }
        return reply.code(204).send(null);
      },
    );
  };
