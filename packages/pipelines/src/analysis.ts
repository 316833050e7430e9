import { SourceText } from '@reverie/contracts';
import { z } from 'zod';
import { fetching, Language } from './captions.ts';
import { pipeline } from './pipeline.ts';
import { downloadVideo } from './stages/download.ts';
import { embed } from './stages/embed.ts';
import { frames } from './stages/frames.ts';
import { prepare } from './stages/prepare.ts';
import { result } from './stages/result.ts';
import { scenes } from './stages/scenes.ts';
import { transcribe } from './stages/transcribe.ts';
import { vision } from './stages/vision.ts';

/** A video → what is said and what is seen in it, so that every moment can be found. */
export const analysis = pipeline({
  name: 'analysis',
  summary: 'Takes a video apart: transcript, scenes, frames, what is seen in them, and vectors to search by',
  input: z.object({
    sourceUrl: SourceText,
    videoId: z.uuid().optional().describe('Analyse this video anew; otherwise it is a new one'),
    title: z.string().trim().min(1).max(200).optional(),
    language: z
      .union([z.literal('auto'), Language])
      .default('auto')
      .describe('What is spoken; `auto` finds out'),
    maxFrames: z
      .int()
      .min(1)
      .max(500)
      .default(50)
      .describe('Of more scenes, so many evenly, the first and the last among them'),
    transcription: z.boolean().default(true),
    visionAnalysis: z.boolean().default(true),
    embeddings: z.boolean().default(true),
  }),
  stages: [downloadVideo, prepare, transcribe, scenes, frames, vision, embed, result],
  requires: ({ sourceUrl, transcription, visionAnalysis, embeddings }) => [
    ...fetching(sourceUrl),
    ...(transcription ? [{ ability: 'transcribe' as const, field: 'transcription', leaveOut: ['transcribe'] }] : []),
    ...(visionAnalysis ? [{ ability: 'vision' as const, field: 'visionAnalysis', leaveOut: ['vision'] }] : []),
    ...(embeddings ? [{ ability: 'embed' as const, field: 'embeddings', leaveOut: ['embed'] }] : []),
  ],
});
