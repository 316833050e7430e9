import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { Failure } from '@reverie/contracts';
import { answered, type S3Access, s3Client } from './s3-client.ts';

/** A bucket that is not ours: it is read and nothing else. */
export interface SourceBucket {
  /** From `start` to the end. Undefined when the object is not the one with this `etag` any more. */
  read(
    key: string,
    from: { start: number; etag?: string | undefined; signal: AbortSignal },
  ): Promise<{ body: Readable; bytes: number; etag: string | undefined } | undefined>;
  close(): void;
}

/** What S3 says of an object that cannot be had, however often one asks. A 403 is a 404 to whom may not list the bucket. */
const MISSING = ['NoSuchKey', 'NotFound', 'NoSuchBucket', 'AccessDenied', 'Forbidden', 'InvalidObjectState'];

/** Reads another bucket with the credentials and at the endpoint of our own. */
export function openSourceBucket(access: S3Access, bucket: string): SourceBucket {
  const client = s3Client(access);

  return {
    async read(key, { start, etag, signal }) {
      const asked = {
        Bucket: bucket,
        Key: key,
        ...(start > 0 && { Range: `bytes=${start}-` }),
        ...(etag && { IfMatch: etag }),
      };
      const said = await client
        .send(new GetObjectCommand(asked), { abortSignal: signal })
        .catch(answered('PreconditionFailed', 'InvalidRange'))
        .catch((error) => {
          throw signal.aborted ? signal.reason : asSourceFailure(error, `s3://${bucket}/${key}`);
        });
      if (!said) return undefined;
      return { body: said.Body as Readable, bytes: start + (said.ContentLength ?? 0), etag: said.ETag };
    },

    close: () => client.destroy(),
  };
}

/** A source that is away is its caller's trouble; our own store being away would be nobody's failed attempt. */
function asSourceFailure(error: unknown, what: string): unknown {
  const from = error instanceof Failure && error.cause instanceof Error ? error.cause : error;
  if (!(from instanceof Error)) return error;
  if (MISSING.includes(from.name)) {
    const message = `${what} is not there, or the workers’ credentials may not read it (S3: ${from.name})`;
    return new Failure('source_missing', message, { cause: error });
  }
  return new Failure('source_unavailable', `${what}: S3: ${from.name}: ${from.message}`, { cause: error });
}
