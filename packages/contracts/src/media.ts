import { z } from 'zod';

/** What a media file is, by its own account and by what was decoded of it. */
export const MediaFacts = z.object({
  duration: z.number().describe('Seconds'),
  video: z
    .object({
      codec: z.string(),
      width: z.int().describe('As it is shown: a rotation is applied'),
      height: z.int(),
      pixelFormat: z.string(),
      fps: z.number(),
    })
    .optional(),
  audio: z.object({ codec: z.string(), sampleRate: z.number(), channels: z.int() }).optional(),
});
export type MediaFacts = z.infer<typeof MediaFacts>;
