import type { Aspect, Priority } from '@reverie/contracts';
import type { z } from 'zod';
import type { CaptionsJob as CaptionsView } from '../routes/captions-view.ts';
import type { JobSummary } from '../routes/job-summary.ts';
import type { JobView } from '../routes/job-view.ts';
import type { PlainJob } from '../routes/plain-view.ts';
import type { PostSummary as PostSummaryView, PostView } from '../routes/post-view.ts';
import type { Segments as SegmentsView } from '../routes/segments.ts';
import type { NewUploadView, UploadView } from '../routes/upload-view.ts';
import type { FoundView } from '../routes/video-search.ts';
import type { VideoView } from '../routes/video-view.ts';

/** The shapes of the API's answers, read off the API itself. */
export type Summary = z.infer<typeof JobSummary>;
export type ShownJob = z.infer<typeof JobView>;
/** Its stages are a list, whatever its pipeline. */
export type Job = z.infer<typeof PlainJob>;
/** With the words of document 004 beside. */
export type CaptionsJob = Job & Omit<z.infer<typeof CaptionsView>, 'stages'>;
export type StageOfJob = Job['stages'][number];
export type Attempt = StageOfJob['attempts'][number];
export type ArtifactOfJob = Job['artifacts'][number];

export type Video = z.infer<typeof VideoView>;
export type Found = z.infer<typeof FoundView>;
export type Post = z.infer<typeof PostView>;
export type PostSummary = z.infer<typeof PostSummaryView>;
export type Segments = z.infer<typeof SegmentsView>;
export type SegmentNow = Segments['segments'][number];
/** An upload as it is begun or gone on with. */
export type UploadNow = Omit<z.infer<typeof UploadView>, 'received'> &
  Partial<Pick<z.infer<typeof NewUploadView>, 'parts'>>;

/** The row a job works for. */
export interface About {
  dream?: Dream | undefined;
  video?: Video | undefined;
  post?: Post | undefined;
}

/** What the console reads of a dream. */
export interface Dream {
  id: string;
  title: string | null;
  transcript: string;
  style: string | null;
  aspect: Aspect;
  priority: Priority;
  video_job_id: string | null;
  video_metadata: {
    duration: number;
    scenes: number;
    cost: number;
    scene_list?: { text: string; start: number; end: number }[];
    providers?: Record<string, string>;
  } | null;
  created_at: string;
}

export interface Health {
  status: 'healthy' | 'unhealthy';
  version: string;
  checks: Record<string, { status: 'healthy' | 'unhealthy'; ms: number; error?: string }>;
  fleets: Record<string, { workers: number; slots: number; busy: number }>;
}

/** A stage that waits, and where it could run. */
export interface Wait {
  fleet: string;
  stage: string;
}
