import { z } from 'zod';
import { Artifact } from './artifact.ts';
import { Priority } from './job.ts';
import { FailureReport, type Report } from './report.ts';

/** The picture's shape and its size in pixels. */
export const ASPECTS = {
  '16:9': { width: 1280, height: 720 },
  '9:16': { width: 720, height: 1280 },
  '1:1': { width: 960, height: 960 },
} as const;
export const Aspect = z.enum(['16:9', '9:16', '1:1']);
export type Aspect = z.infer<typeof Aspect>;

/** PostgreSQL's text cannot hold NUL, and nobody means it. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((s) => !s.includes('\0'), 'must not contain NUL characters');

/** What a caller says of a dream. Twenty thousand characters are about twenty minutes of speech. */
export const NewDream = z.strictObject({
  id: z.uuid().optional().describe('Brought by the caller, or made here'),
  title: text(200).optional(),
  transcript: text(20_000).describe('The dream as it was told'),
  segments: z
    .array(z.strictObject({ text: text(2_000) }))
    .min(1)
    .max(60)
    .optional()
    .describe('How the caller wants it cut: one scene each. Otherwise scenes are cut from the transcript'),
  style: text(200).optional().describe('How the pictures should look, for example "watercolour, soft light"'),
  aspect: Aspect.default('16:9'),
  priority: Priority.default('normal'),
});
export type NewDream = z.infer<typeof NewDream>;

/** Money spent on a dream, in USD. */
export const Cost = z.object({ storyboard: z.number(), pictures: z.number(), narration: z.number() });

/** A scene as the finished video has it. */
export const DreamScene = z.object({ text: z.string(), start: z.number(), end: z.number() });

/** Document 001's metadata of a finished video; everything past the first three is ours. */
export const DreamMetadata = z.looseObject({
  duration: z.number().min(0).describe('Seconds'),
  scenes: z.int().min(0),
  cost: z.number().min(0).describe('USD'),
  cost_breakdown: Cost.optional(),
  scene_list: z.array(DreamScene).optional(),
  providers: z.record(z.string(), z.string()).optional().describe('Who made what; `offline` is ffmpeg on the worker'),
});
export type DreamMetadata = z.infer<typeof DreamMetadata>;

/** Document 001's completion callback: the dream pipeline's last report. */
export const VideoComplete = z.discriminatedUnion('status', [
  z.object({ status: z.literal('completed'), video_url: z.string().min(1).max(4_000), metadata: DreamMetadata }),
  z.object({ status: z.literal('failed'), error: z.union([z.string().max(4_000), FailureReport]) }),
]);
export type VideoComplete = z.infer<typeof VideoComplete>;

/** The publishing task's report in document 001's words. */
export function asVideoComplete(report: Exclude<Report, { status: 'released' }>, apiUrl: string): VideoComplete {
  if (report.status === 'failed') return { status: 'failed', error: report.error };
  const { video, metadata } = z.object({ video: Artifact, metadata: DreamMetadata }).parse(report.output);
  return { status: 'completed', video_url: `${apiUrl}/artifacts/${video.key}`, metadata };
}
