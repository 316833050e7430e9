import { S3Client } from '@aws-sdk/client-s3';
import { Failure } from '@reverie/contracts';

/** How to reach S3, whichever bucket is meant. */
export interface S3Access {
  region: string;
  /** For S3 that is not AWS. */
  endpoint?: string | undefined;
  /** Where callers reach it when that is another address: a signature holds for one host name only. */
  publicEndpoint?: string | undefined;
  /** Without a pair of keys the SDK looks where it always does: environment, profile, instance role. */
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  forcePathStyle?: boolean | undefined;
}

export interface S3Config extends S3Access {
  bucket: string;
  /** Goes before every key, for a bucket shared with others. */
  prefix?: string | undefined;
}

/** Answers a caller may be asking for. Everything else from S3 means that storage is away. */
const ANSWERS = [
  'NoSuchKey',
  'NoSuchUpload',
  'NotFound',
  'PreconditionFailed',
  'ConditionalRequestConflict',
  'InvalidRange',
];

/** For `.catch`: takes one of S3's answers as undefined. */
export const answered =
  (...names: string[]) =>
  (error: unknown): undefined => {
    if (!(error instanceof Error && names.includes(error.name))) throw error;
  };

function asFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'AbortError' || ANSWERS.includes(error.name)) return error;
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  // Without s3:ListBucket S3 answers 403 where it would say 404, so no file would ever be absent.
  const hint =
    $metadata?.httpStatusCode === 403
      ? ' (grant s3:ListBucket, GetObject, PutObject, DeleteObject, AbortMultipartUpload and ListMultipartUploadParts)'
      : '';
  return new Failure('storage_unavailable', `S3: ${error.name}: ${error.message}${hint}`, { cause: error });
}

export function s3Client(config: S3Access): S3Client {
  const { region, endpoint, accessKeyId, secretAccessKey, forcePathStyle = false } = config;
  if (!accessKeyId !== !secretAccessKey) throw new Error('S3 needs both accessKeyId and secretAccessKey, or neither');
  const client = new S3Client({
    region,
    forcePathStyle,
    // A bucket of sources may be in another region than ours.
    followRegionRedirects: true,
    ...(endpoint && { endpoint }),
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
    // The default adds a checksum of nothing to presigned PUTs, which S3 then refuses, and trailers other S3 servers do not know.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // The default opens a new connection for every part above 2 MB.
    expectContinueHeader: false,
    // Three, the default, are not enough for an S3 that is busy for a minute.
    maxAttempts: 5,
    // A connection on which nothing moves would be waited for without end.
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 30_000 },
  });
  client.middlewareStack.add(
    (next) => (call) =>
      next(call).catch((error) => {
        throw asFailure(error);
      }),
    { step: 'initialize', priority: 'high', name: 'asFailure' },
  );
  return client;
}
