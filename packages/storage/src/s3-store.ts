import { addAbortSignal, Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Failure } from '@reverie/contracts';
import { checkKey, checkPrefix, checkRange } from './checks.ts';
import { contentTypeOf } from './content-types.ts';
import { answered, type S3Config, s3Client } from './s3-client.ts';
import { copyObject } from './s3-copy.ts';
import { s3Uploads } from './s3-multipart.ts';
import { upload } from './s3-upload.ts';
import type { Store, Stored } from './store.ts';

/** What HEAD and a listing both say of an object; only HEAD knows the content type. */
const stored = (
  key: string,
  said: Pick<Partial<HeadObjectCommandOutput>, 'ContentType' | 'ETag' | 'LastModified'>,
  bytes: number | undefined,
): Stored => ({
  key,
  bytes: bytes ?? 0,
  contentType: said.ContentType ?? contentTypeOf(key),
  etag: `"${said.ETag?.replaceAll('"', '') ?? ''}"`,
  modifiedAt: said.LastModified ?? new Date(0),
});

/** Artifacts in one bucket of S3, or of anything that speaks it. */
export function s3Store(config: S3Config): Store {
  const { bucket } = config;
  const client = s3Client(config);
  const linking = config.publicEndpoint ? s3Client({ ...config, endpoint: config.publicEndpoint }) : client;
  const prefix = config.prefix ? `${checkKey(config.prefix.replace(/\/+$/, ''))}/` : '';
  const at = (key: string) => ({ Bucket: bucket, Key: prefix + checkKey(key) });

  const head = async (key: string): Promise<Stored | undefined> => {
    const said = await client.send(new HeadObjectCommand(at(key))).catch(answered('NotFound', 'NoSuchKey'));
    return said && stored(key, said, said.ContentLength);
  };

  return {
    head,

    async put(key, body, { contentType, ifAbsent = false, signal }) {
      const target = { ...at(key), ContentType: contentType, ...(ifAbsent && { IfNoneMatch: '*' }) };
      try {
        // S3 decides, but only after the last byte: look first and spare an upload of gigabytes.
        if (ifAbsent && (await head(key))) return undefined;
        const done = await upload(client, target, body, signal).catch(answered('PreconditionFailed'));
        return done && { key, bytes: done.bytes, contentType };
      } catch (error) {
        // Two conditional writes at once: S3 lets one through and may tell the other to see for itself.
        answered('ConditionalRequestConflict')(error);
        if (await head(key)) return undefined;
        throw new Failure('storage_unavailable', `S3 had another write of ${key} under way`, { cause: error });
      } finally {
        body.destroy();
      }
    },

    async get(key, { range, signal } = {}) {
      if (range) checkRange(range);
      const asked = { ...at(key), ...(range && { Range: `bytes=${range.start}-${range.end ?? ''}` }) };
      try {
        const { Body } = await client.send(new GetObjectCommand(asked), signal && { abortSignal: signal });
        return signal ? addAbortSignal(signal, Body as Readable) : (Body as Readable);
      } catch (error) {
        if (error instanceof Error && error.name === 'InvalidRange') return Readable.from([]); // it starts behind the end
        return answered('NoSuchKey')(error);
      }
    },

    async copy(from, to) {
      const source = await head(from);
      if (!source) throw new Error(`cannot copy ${from} to ${to}: there is no ${from}`);
      const { bytes, contentType } = source;
      await copyObject(client, { bucket, from: at(from).Key, to: at(to).Key, bytes, contentType });
      return { key: to, bytes, contentType };
    },

    async *list(keyPrefix) {
      const asked = { Bucket: bucket, Prefix: prefix + checkPrefix(keyPrefix) };
      for await (const page of paginateListObjectsV2({ client }, asked))
        for (const { Key = '', Size, ...said } of page.Contents ?? [])
          yield stored(Key.slice(prefix.length), said, Size);
    },

    async delete(key) {
      await client.send(new DeleteObjectCommand(at(key))).catch(answered('NoSuchKey'));
    },

    linkTo: async (key, { method, seconds }) =>
      getSignedUrl(linking, method === 'GET' ? new GetObjectCommand(at(key)) : new PutObjectCommand(at(key)), {
        expiresIn: seconds,
      }),

    outside: (key) => ({ key: at(key).Key, uri: `s3://${bucket}/${at(key).Key}` }),

    uploads: s3Uploads({ client, linking, at, head }),

    async check() {
      const signal = AbortSignal.timeout(5_000);
      const there = await client
        .send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal: signal })
        .catch((error) => {
          if (!signal.aborted) return answered('NotFound')(error);
          throw new Failure('storage_unavailable', 'S3 did not answer within 5 s', { cause: error });
        });
      if (!there) throw new Failure('storage_unavailable', `S3 has no bucket ${bucket}: create it or fix S3_BUCKET`);
    },
  };
}
