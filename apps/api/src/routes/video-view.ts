import { JobStatus, MediaFacts } from '@reverie/contracts';
import {
  captionsOf,
  type Frame,
  type FrameCaption,
  framesOf,
  type Scene,
  scenesOf,
  segmentsOf,
  type TranscriptSegment,
  type Video,
} from '@reverie/db';
import { z } from 'zod';
import type { Api } from './api.ts';
import { iso, Time } from './shapes.ts';

const expiring = z.url().nullable().describe('Works without credentials for a while; asked again, it is a fresh one');

export const VideoSummary = z.object({
  video_id: z.uuid(),
  title: z.string().nullable(),
  source_url: z.string(),
  status: JobStatus.nullable().describe('Of the latest analysis; what an earlier one found stays until it completes'),
  job_id: z.uuid().nullable(),
  duration: z.number().nullable().describe('Seconds'),
  language: z.string().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  completed_at: Time,
});

export const SceneView = z.object({ scene_id: z.string(), number: z.int(), start: z.number(), end: z.number() });

export const FrameView = z.object({
  frame_id: z.string(),
  scene_id: z.string(),
  number: z.int(),
  time: z.number(),
  hash: z.string().describe('Perceptual: pictures that look alike differ in few of its 64 bits'),
  url: z.url(),
  caption: z
    .object({ id: z.string(), caption: z.string(), controls: z.array(z.string()), text: z.string(), model: z.string() })
    .nullable(),
});

export const SegmentView = z.object({ segment_id: z.string(), start: z.number(), end: z.number(), text: z.string() });

export const TranscriptView = z.object({
  language: z.string().nullable(),
  text: z.string(),
  segments: z.array(SegmentView),
});

export const VideoView = VideoSummary.extend({
  facts: MediaFacts.nullable(),
  video_url: expiring,
  audio_url: expiring,
  result_url: expiring,
  scenes: z.array(SceneView),
  frames: z.array(FrameView),
  transcript: TranscriptView.nullable(),
  skipped: z.array(z.object({ stage: z.string(), reason: z.string() })),
  models: z.object({
    transcription: z.string().optional(),
    vision: z.string().optional(),
    embeddings: z.object({ model: z.string(), dimensions: z.int() }).optional(),
  }),
  cost: z.number().nullable().describe('USD'),
  links: z.object({ self: z.url(), job: z.url().nullable(), search: z.url() }),
});

export const summaryOf = (video: Video): z.infer<typeof VideoSummary> => ({
  video_id: video.id,
  title: video.title,
  source_url: video.sourceUrl,
  status: video.status,
  job_id: video.jobId,
  duration: video.facts?.duration ?? null,
  language: video.language,
  created_at: video.createdAt.toISOString(),
  updated_at: video.updatedAt.toISOString(),
  completed_at: iso(video.completedAt),
});

export const sceneView = ({ id, number, start, end }: Scene): z.infer<typeof SceneView> => ({
  ...{ scene_id: id, number, start, end },
});

const link = ({ config }: Api, key: string) => config.links.sign('GET', key, config.linkSeconds);

const frameView = (api: Api, frame: Frame, seen: FrameCaption | undefined): z.infer<typeof FrameView> => ({
  frame_id: frame.id,
  scene_id: frame.sceneId,
  ...{ number: frame.number, time: frame.time, hash: frame.hash },
  url: link(api, frame.key),
  caption: seen
    ? { id: seen.id, caption: seen.caption, controls: seen.controls, text: seen.textOnScreen, model: seen.model }
    : null,
});

/** A video's frames, each with what was seen in it. */
export async function frameViews(api: Api, videoId: string): Promise<z.infer<typeof FrameView>[]> {
  const [frames, captions] = await Promise.all([framesOf(api.db, videoId), captionsOf(api.db, videoId)]);
  const seen = new Map(captions.map((caption) => [caption.frameId, caption]));
  return frames.map((frame) => frameView(api, frame, seen.get(frame.id)));
}

export const transcriptView = (
  { language, transcript }: Video,
  segments: TranscriptSegment[],
): z.infer<typeof TranscriptView> | null =>
  transcript === null
    ? null
    : { language, text: transcript, segments: segments.map(({ id, ...rest }) => ({ segment_id: id, ...rest })) };

/** Everything there is to know about one video. */
export async function viewOf(api: Api, video: Video): Promise<z.infer<typeof VideoView>> {
  const [scenes, frames, segments] = await Promise.all([
    scenesOf(api.db, video.id),
    frameViews(api, video.id),
    segmentsOf(api.db, video.id),
  ]);
  const self = `${api.config.publicUrl}/videos/${video.id}`;
  return {
    ...summaryOf(video),
    facts: video.facts,
    video_url: video.videoKey && link(api, video.videoKey),
    audio_url: video.audioKey && link(api, video.audioKey),
    result_url: video.resultKey && link(api, video.resultKey),
    scenes: scenes.map(sceneView),
    frames,
    transcript: transcriptView(video, segments),
    skipped: Object.entries(video.without ?? {}).map(([stage, reason]) => ({ stage, reason })),
    models: video.models ?? {},
    cost: video.cost,
    links: {
      self,
      job: video.jobId && `${api.config.publicUrl}/jobs/${video.jobId}`,
      search: `${self}/search`,
    },
  };
}
