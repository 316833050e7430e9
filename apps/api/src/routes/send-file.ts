import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../refusal.ts';
import type { Api } from './api.ts';
import { byteRange } from './byte-range.ts';

/** Types a browser may show in place; anything else is downloaded, so that no stored file ever runs as a page of ours. */
const SHOWN = /^(video|audio)\/|^image\/(png|jpeg|webp)$|^text\/vtt$|mpegurl$/;

interface Asked {
  request: FastifyRequest;
  reply: FastifyReply;
  key: string;
  /** What names others relative to itself must not be found elsewhere than it was asked for. */
  inPlace?: boolean;
}

/** Sends a stored file: streamed from the `fs` store, a redirect to a presigned URL for S3; ranges and ETags work. */
export async function sendFile({ store, config }: Pick<Api, 'store' | 'config'>, asked: Asked) {
  const { request, reply, key, inPlace = false } = asked;
  const file = await store.head(key);
  if (!file) throw noFile(key);
  if (config.storage.kind === 's3' && !inPlace) {
    return reply.redirect(await store.linkTo(key, { method: 'GET', seconds: config.linkSeconds }), 302);
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
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.bytes}`);
  reply.header('content-length', range ? range.end - range.start + 1 : file.bytes);
  if (request.method === 'HEAD') return reply.send(Readable.from([]));
  const body = await store.get(key, range && { range });
  if (!body) throw noFile(key);
  return reply.send(body);
}

/** RFC 9110: a list, weak or strong, or anything at all. */
const isKnown = (header: string | undefined, etag: string): boolean =>
  header === '*' || (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag);

export const noFile = (key: string) => new Refusal(404, 'not_found', `There is no file ${key}, or it is not yours.`);
