import type { Upload } from '@reverie/db';
import { z } from 'zod';
import { LEAST_PART_BYTES, MOST_PART_BYTES, partCount } from '../jobs/upload-parts.ts';
import { iso, Time } from './shapes.ts';

/** A name is shown and never used: whatever path it looks like, no key and no file is called by it. */
const Filename = z
  .string()
  .min(1)
  .max(255)
  .refine((name) => name.isWellFormed() && !/\p{Cc}/u.test(name), 'must not hold control characters or broken unicode');

export const NewUpload = z.strictObject({
  filename: Filename.describe('As you call it'),
  bytes: z.int().min(1).describe('How long the file is, exactly'),
  content_type: z
    .string()
    .max(100)
    .regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be a type and a subtype, such as video/mp4')
    .default('application/octet-stream')
    .describe('Kept for you; jobs look at the file itself'),
  part_bytes: z
    .int()
    .min(LEAST_PART_BYTES)
    .max(MOST_PART_BYTES)
    .optional()
    .describe(
      'How long every part but the last is. By default 8 MiB, or longer where that would be above 10,000 parts',
    ),
});

export const PartLink = z.object({
  number: z.int(),
  bytes: z.int().describe('Its content-length; a link takes no other'),
  url: z.url().describe('PUT the part here'),
});

export const ListedUpload = z.object({
  upload_id: z.uuid(),
  source: z.string().describe('The sourceUrl of jobs that use it, once it is complete'),
  status: z.enum(['open', 'complete']),
  filename: z.string(),
  content_type: z.string(),
  bytes: z.int(),
  part_bytes: z.int(),
  part_count: z.int(),
  created_at: z.iso.datetime(),
  completed_at: Time,
  expires_at: z.iso
    .datetime()
    .describe('It goes then, unless a live job uses it; asking for links to parts moves this'),
});

export const NewUploadView = ListedUpload.extend({ parts: z.array(PartLink).describe('The first hundred') });

export const UploadView = ListedUpload.extend({
  received: z.array(z.object({ number: z.int(), bytes: z.int() })).describe('What has arrived'),
  missing: z.array(z.int()).describe('Parts to be sent still, or again because their length is not right'),
});

export const viewOfUpload = (upload: Upload): z.infer<typeof ListedUpload> => ({
  upload_id: upload.id,
  source: `upload:${upload.id}`,
  status: upload.status === 'complete' ? 'complete' : 'open',
  filename: upload.filename,
  content_type: upload.contentType,
  bytes: upload.bytes,
  part_bytes: upload.partBytes,
  part_count: partCount(upload),
  created_at: upload.createdAt.toISOString(),
  completed_at: iso(upload.completedAt),
  expires_at: upload.expiresAt.toISOString(),
});
