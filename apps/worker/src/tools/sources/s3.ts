import { Failure } from '@reverie/contracts';
import { isKey, openSourceBucket, type S3Access, type SourceBucket } from '@reverie/storage';
import type { OpenPiece } from './download.ts';

/** What callers may name in S3. */
export interface S3Sources {
  access: S3Access;
  buckets: readonly string[];
}

/** A bucket that the operator listed; any other is none of a caller's business. */
export function bucketNamed(bucket: string, { access, buckets }: S3Sources): SourceBucket {
  if (buckets.includes(bucket)) return openSourceBucket(access, bucket);
  const told = `s3://${bucket} is not read; whoever runs Reverie can name the bucket in S3_SOURCE_BUCKETS`;
  throw new Failure('source_refused', told);
}

/** A file in a listed bucket. */
export const s3Pieces =
  (bucket: SourceBucket, key: string, signal: AbortSignal): OpenPiece =>
  async ({ start, version }) => {
    // `../` in a key could lead to another bucket, where a server tidies paths.
    if (!isKey(key)) throw new Failure('source_refused', 'this key has empty or dotted parts and is not read');
    const asked = await bucket.read(key, { start, etag: version, signal });
    // Undefined: the object was replaced while we read it.
    const got = asked ?? (await bucket.read(key, { start: 0, signal }));
    if (!got) throw new Failure('source_unavailable', 'the object is replaced faster than it can be read');
    const { body, bytes, etag } = got;
    return { body, start: asked ? start : 0, bytes, version: etag, close: async () => void body.destroy() };
  };
