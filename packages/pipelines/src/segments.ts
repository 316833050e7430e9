import { SegmentMode, SourceText } from '@reverie/contracts';
import { z } from 'zod';
import { fetching } from './captions.ts';
import { pipeline } from './pipeline.ts';
import { cut } from './stages/cut.ts';
import { downloadNamed } from './stages/download.ts';
import { model } from './stages/model.ts';
import { reassemble } from './stages/reassemble.ts';

/** A video → segments, a model run on every one of them → one video again. Others may do the cutting. */
export const segments = pipeline({
  name: 'segments',
  summary: 'Cuts a video at keyframes, runs a model on every segment on any worker, and puts them together again',
  input: z
    .object({
      sourceUrl: SourceText.optional(),
      mode: SegmentMode.default('sbs').describe('What the model makes of it'),
      segmentSeconds: z
        .number()
        .min(0.5)
        .max(3_600)
        .default(10)
        .describe('Cuts are at the keyframes nearest to multiples of this'),
      uploaded: z
        .object({ job: z.string(), total: z.int().min(1) })
        .optional()
        .describe('Segments that others upload; such a job is made by their S3 events and by nobody else'),
    })
    .refine(({ sourceUrl, uploaded }) => (sourceUrl === undefined) !== (uploaded === undefined), {
      path: ['sourceUrl'],
      error: 'names the video; without it there is nothing to cut',
    }),
  stages: [downloadNamed, cut, model, reassemble],
  requires: ({ sourceUrl }) => (sourceUrl === undefined ? [] : fetching(sourceUrl)),
});
