import type { Readable } from 'node:stream';
import { PutObjectCommand, type PutObjectCommandInput, type S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ownStream } from './own-stream.ts';

/** 10 000 parts of 8 MB are 80 GB, far above any video here; two under way hold 24-34 MB of memory (store-memory.test.ts), six up to 72. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_UNDER_WAY = 2;

/**
 * Streams a body of unknown length into S3. When the body fails or the signal fires, nothing more is sent
 * and the multipart upload is aborted before this rejects: `Upload.abort` would reject first and may never clean up.
 */
export async function upload(
  client: S3Client,
  target: Omit<PutObjectCommandInput, 'Body'>,
  body: Readable,
  signal: AbortSignal | undefined,
): Promise<{ bytes: number }> {
  // Upload asks a file stream for its size and trips over a file that still grows; this one has none to tell.
  const through = ownStream(body, signal);
  let bytes = 0;
  const parts = new Upload({
    client: signal ? stoppable(client, signal) : client,
    params: { ...target, Body: through },
    partSize: PART_BYTES,
    queueSize: PARTS_UNDER_WAY,
  });
  parts.on('httpUploadProgress', ({ loaded = 0 }) => {
    bytes = Math.max(bytes, loaded);
  });
  try {
    await parts.done();
    return { bytes };
  } finally {
    through.destroy();
  }
}

/** Sends bytes only until the signal fires. Starting, completing and aborting run to their end, so no upload is left that nobody knows of. */
function stoppable(client: S3Client, signal: AbortSignal): S3Client {
  const send = (command: Parameters<S3Client['send']>[0]) => {
    const sendsBytes = command instanceof UploadPartCommand || command instanceof PutObjectCommand;
    return client.send(command as UploadPartCommand, sendsBytes ? { abortSignal: signal } : {});
  };
  return Object.assign(Object.create(client) as S3Client, { send });
}
