import { PodRun } from '@reverie/contracts';
import { isKey } from '@reverie/storage';
import { z } from 'zod';

const aKey = { error: 'must be a key of the bucket, such as posts/42/master.m3u8' };

/** It is written into playlists, so it had better be what it says. */
const aLanguage = z
  .string()
  .regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i, 'must be a language as BCP 47 has it, such as en or pt-BR')
  .nullable();

/** A run as this pod can take it: what it is told to read and write is in the buckets. */
export const Wish = PodRun.extend({
  s3_input_key: z.string().refine(isKey, aKey),
  s3_output_prefix: z
    .string()
    .transform((prefix) => prefix.replace(/\/+$/, ''))
    .refine(isKey, aKey),
  source_lang: aLanguage,
  target_lang: aLanguage,
  hls_segment: z.number().min(1).max(60),
});
