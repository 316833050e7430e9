import { randomUUID } from 'node:crypto';
import { buildApp } from 'fauxqs';
import type { S3Config } from './s3-client.ts';
import type { Part } from './store.ts';

/** The bare server: S3 and SQS, in memory. */
export { buildApp as bareS3AndSqs } from 'fauxqs';

const XML = '<?xml version="1.0" encoding="UTF-8"?>';
const refusal = (code: string) => `${XML}<Error><Code>${code}</Code></Error>`;
const listing = (parts: Part[]) =>
  `${XML}<ListPartsResult>${parts
    .sort((a, b) => a.number - b.number)
    .map((it) => `<Part><PartNumber>${it.number}</PartNumber><ETag>${it.etag}</ETag><Size>${it.bytes}</Size></Part>`)
    .join('')}</ListPartsResult>`;

/**
 * A real S3 dialogue for tests: fauxqs on loopback (its own start listens on every interface), and what it leaves out: a
 * conditional write is refused with 412 once the key is taken, a presigned link with 403 once it expired, ListParts, parts of no bytes.
 */
export async function fakeS3() {
  const app = buildApp({ logger: false });
  const taken = new Set<string>();
  const uploads = new Map<string, Map<number, Part>>();
  const stalls = { parts: false };

  app.addHook('preHandler', (request, reply, done) => {
    const { pathname, searchParams: query } = new URL(request.url, 'http://s3');
    const refuse = (status: number, code: string): void => {
      reply.status(status).type('application/xml').send(refusal(code));
    };
    const signedAt = query.get('X-Amz-Date')?.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:');
    if (signedAt && Date.now() > Date.parse(signedAt) + Number(query.get('X-Amz-Expires')) * 1000)
      return refuse(403, 'AccessDenied');

    const uploadId = query.get('uploadId');
    if (request.method === 'GET' && uploadId) {
      const parts = uploads.get(uploadId);
      if (!parts) return refuse(404, 'NoSuchUpload');
      reply.type('application/xml').send(listing([...parts.values()]));
      return;
    }

    request.body ??= Buffer.alloc(0); // a part of no bytes is one
    if (stalls.parts && query.has('partNumber')) return; // no answer, ever
    const writes =
      request.method === 'PUT' ? !query.has('partNumber') : request.method === 'POST' && query.has('uploadId');
    if (writes && request.headers['if-none-match'] === '*' && taken.has(pathname))
      return refuse(412, 'PreconditionFailed');
    if (writes) taken.add(pathname);
    if (request.method === 'DELETE' && !query.has('uploadId')) taken.delete(pathname);
    done();
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const query = request.query as Record<string, string>;
    const started = /<UploadId>(.+)<\/UploadId>/.exec(String(payload))?.[1];
    if (query.uploads !== undefined && started) uploads.set(started, new Map());
    const number = Number(query.partNumber);
    const bytes = Number(request.headers['content-length'] ?? 0);
    if (number && reply.statusCode === 200 && request.method === 'PUT')
      uploads.get(query.uploadId!)?.set(number, { number, bytes, etag: String(reply.getHeader('etag')) });
    const ends = request.method === 'DELETE' || request.method === 'POST';
    if (ends && query.uploadId && reply.statusCode < 300) uploads.delete(query.uploadId);
  });

  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  const bucket = 'artifacts';
  await fetch(`${endpoint}/${bucket}`, { method: 'PUT' });

  return {
    /** The same server under a prefix of its own, so that tests do not see each other's files. */
    config: (): S3Config => ({
      endpoint,
      bucket,
      region: 'us-east-1',
      prefix: randomUUID(),
      accessKeyId: 'test',
      secretAccessKey: 'test',
      forcePathStyle: true,
    }),
    /** Multipart uploads begun and neither completed nor aborted. */
    uploads: () => [...uploads.keys()],
    /** Set `parts` and the server takes the bytes of a part and never answers. */
    stalls,
    stop: () => app.close(),
  };
}
