import { z } from 'zod';

/** From and to, in seconds. */
export const Span = z.object({ start: z.number().min(0), end: z.number().min(0) });
export type Span = z.infer<typeof Span>;

/** What was said from when to when. */
export const Segment = Span.extend({ text: z.string() });
export type Segment = z.infer<typeof Segment>;

/** All that was said. Segments are in order and do not overlap. */
export const Transcript = z.object({
  text: z.string(),
  language: z.string().describe('As the transcription server named it'),
  segments: z.array(Segment),
  provider: z.string(),
  cost: z.number().describe('USD'),
});
export type Transcript = z.infer<typeof Transcript>;
