import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';

const GB = 1024 ** 3;

interface Copy {
  bucket: string;
  from: string;
  to: string;
  bytes: number;
  contentType: string;
}

/** Copies inside S3. Above `atOnceBytes` S3 refuses one request (its limit is 5 GB) and wants parts. */
export async function copyObject(client: S3Client, copy: Copy, limits = { atOnceBytes: 5 * GB, partBytes: GB }) {
  if (copy.bytes > limits.atOnceBytes) return copyInParts(client, copy, limits.partBytes);
  await client.send(new CopyObjectCommand({ Bucket: copy.bucket, Key: copy.to, CopySource: sourceOf(copy) }));
}

/** The SDK leaves this header as it is, and S3 decodes it. */
const sourceOf = ({ bucket, from }: Copy) => [bucket, ...from.split('/')].map(encodeURIComponent).join('/');

async function copyInParts(client: S3Client, copy: Copy, partBytes: number) {
  const target = { Bucket: copy.bucket, Key: copy.to };
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...target, ContentType: copy.contentType }),
  );
  try {
    const Parts: CompletedPart[] = [];
    for (let start = 0; start < copy.bytes; start += partBytes) {
      const CopySourceRange = `bytes=${start}-${Math.min(start + partBytes, copy.bytes) - 1}`;
      const part = { UploadId, PartNumber: Parts.length + 1, CopySource: sourceOf(copy), CopySourceRange };
      const { CopyPartResult } = await client.send(new UploadPartCopyCommand({ ...target, ...part }));
      Parts.push({ PartNumber: part.PartNumber, ETag: CopyPartResult?.ETag });
    }
    await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
    throw error;
  }
}
