import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  paginateListParts,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { checkComplete } from './parts.ts';
import { answered } from './s3-client.ts';
import type { Part, Store, Uploads } from './store.ts';

interface Bucket {
  client: S3Client;
  /** Signs for the host name that callers use. */
  linking: S3Client;
  at: (key: string) => { Bucket: string; Key: string };
  head: Store['head'];
}

/** S3's own multipart uploads; the bytes go from the caller to S3 and never through this process. */
export function s3Uploads({ client, linking, at, head }: Bucket): Uploads {
  async function parts(key: string, token: string): Promise<Part[] | undefined> {
    const there: Part[] = [];
    try {
      for await (const page of paginateListParts({ client }, { ...at(key), UploadId: token }))
        for (const { PartNumber = 0, Size = 0, ETag = '' } of page.Parts ?? [])
          there.push({ number: PartNumber, bytes: Size, etag: ETag });
      return there;
    } catch (error) {
      return answered('NoSuchUpload')(error);
    }
  }

  return {
    parts,

    async begin(key, { contentType }) {
      const { UploadId } = await client.send(
        new CreateMultipartUploadCommand({ ...at(key), ContentType: contentType }),
      );
      return UploadId!;
    },

    // The length is signed, so S3 refuses any other.
    linkToPart: async ({ key, token, number, bytes }, seconds) =>
      getSignedUrl(
        linking,
        new UploadPartCommand({ ...at(key), UploadId: token, PartNumber: number, ContentLength: bytes }),
        { expiresIn: seconds },
      ),

    async complete(key, token, count) {
      const there = await parts(key, token);
      if (there) {
        checkComplete(key, there, count);
        const Parts = there
          .filter(({ number }) => number <= count)
          .map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
        await client
          .send(new CompleteMultipartUploadCommand({ ...at(key), UploadId: token, MultipartUpload: { Parts } }))
          .catch(answered('NoSuchUpload')); // another process was faster, or it was aborted: the file tells
      }
      const file = await head(key);
      return file && { key, bytes: file.bytes, contentType: file.contentType };
    },

    async abort(key, token) {
      await client
        .send(new AbortMultipartUploadCommand({ ...at(key), UploadId: token }))
        .catch(answered('NoSuchUpload'));
    },
  };
}
