import { z } from 'zod';
import { Language } from './captions.ts';
import { pipeline } from './pipeline.ts';
import { pod } from './stages/pod.ts';

/** A key in a bucket: what a store could keep under it. */
const InputKey = z
  .string()
  .min(1)
  .max(900)
  .refine(
    (key) =>
      key.isWellFormed() && !/\p{Cc}/u.test(key) && key.split('/').every((part) => !['', '.', '..'].includes(part)),
    'must be a key in the input bucket, such as posts/42/master.m3u8',
  );

/** A post's video → subtitles and an HLS rendition with them, made by a pod with a GPU. */
export const subtitles = pipeline({
  name: 'subtitles',
  summary: 'Hands the video of a post to a GPU pod, which makes subtitles and an HLS rendition with them',
  input: z.object({
    inputKey: InputKey.describe('The HLS master playlist or the video, in the input bucket'),
    postId: z.uuid().optional().describe('The post to complete; otherwise it is a new one'),
    sourceLang: z
      .union([z.literal('auto'), Language])
      .default('auto')
      .describe('What is spoken'),
    targetLang: Language.optional().describe('Translate into this'),
    dubbing: z.boolean().default(false),
    hlsSegment: z.number().min(1).max(60).default(6).describe('Seconds of an HLS segment'),
  }),
  stages: [pod],
  requires: () => [{ ability: 'run pods', field: 'inputKey' }],
});
