import { type JobStatus, PodManifest, PodResult } from '@reverie/contracts';
import { findJob, inputKeyOf, type Job, knownAbilities, type Post, tasksOf } from '@reverie/db';
import { pod } from '@reverie/pipelines';
import { z } from 'zod';
import type { Api } from './api.ts';
import { iso, Time } from './shapes.ts';

/** Document 000 knows four words. */
const WORDS = {
  queued: 'pending',
  processing: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'failed',
} as const satisfies Record<JobStatus, string>;

/** What document 000 keeps in `videolingo_jobs`. */
const PodJob = z.object({
  job_id: z.uuid(),
  post_id: z.uuid(),
  s3_input_key: z.string(),
  output_s3_prefix: z.string().nullable(),
  status: z.enum(['pending', 'running', 'completed', 'failed']),
  pod: z.string().nullable().describe('The host of the pod that did it'),
  pod_response: z.unknown().describe('What the pod answered, as it came'),
  manifest: PodManifest.nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  started_at: Time,
  completed_at: Time,
});

export const PostSummary = z.object({
  id: z.uuid(),
  user_id: z.string().nullable(),
  title: z.string().nullable(),
  hls_s3_key: z.string().nullable(),
  hls_input_key: z.string().nullable(),
  source_lang: z.string().nullable(),
  target_lang: z.string().nullable(),
  enable_dubbing: z.boolean().nullable(),
  has_subtitles: z.boolean(),
  subtitle_vtt_url: z.string().nullable(),
  subtitle_hls_master: z.string().nullable(),
  subtitle_status: z.string().nullable(),
  subtitle_error: z.string().nullable(),
  subtitle_job_id: z.uuid().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const expiring = z.url().nullable().describe('Works without credentials for a while; asked again, it is a fresh one');

export const PostView = PostSummary.extend({
  subtitle_manifest: z.record(z.string(), z.unknown()).nullable(),
  waits_for: z.string().nullable().describe('Why nothing is done for it yet'),
  job: PodJob.nullable(),
  links: z.object({
    self: z.url(),
    job: z.url().nullable(),
    subtitle_vtt: expiring,
    subtitle_hls_master: expiring.describe('Plays as it is: what the playlist names is found beside it'),
  }),
});

export const summaryOf = (post: Post): z.infer<typeof PostSummary> => ({
  ...{ id: post.id, user_id: post.userId, title: post.title },
  ...{ hls_s3_key: post.hlsS3Key, hls_input_key: post.hlsInputKey },
  ...{ source_lang: post.sourceLang, target_lang: post.targetLang, enable_dubbing: post.enableDubbing },
  has_subtitles: post.hasSubtitles,
  subtitle_vtt_url: post.subtitleVttUrl,
  subtitle_hls_master: post.subtitleHlsMaster,
  subtitle_status: post.subtitleStatus,
  subtitle_error: post.subtitleError,
  subtitle_job_id: post.subtitleJobId,
  created_at: post.createdAt.toISOString(),
  updated_at: post.updatedAt.toISOString(),
});

/** Everything about one post. */
export async function viewOf(api: Api, post: Post): Promise<z.infer<typeof PostView>> {
  const { links, linkSeconds, publicUrl } = api.config;
  const job = post.subtitleJobId === null ? undefined : await findJob(api.db, post.subtitleJobId);
  const made = job && (await madeBy(api, job));
  const link = (key: string) => links.signFolder(key, linkSeconds);
  return {
    ...summaryOf(post),
    subtitle_manifest: post.subtitleManifest,
    waits_for: await waitsFor(api, post),
    job: job ? podJob(post, job, made) : null,
    links: {
      self: `${publicUrl}/posts/${post.id}`,
      job: job ? `${publicUrl}/jobs/${job.id}` : null,
      subtitle_vtt: made && post.hasSubtitles ? link(made.vtt.key) : null,
      subtitle_hls_master: made && post.hasSubtitles ? link(made.hlsMaster.key) : null,
    },
  };
}

async function madeBy(api: Api, job: Job): Promise<PodResult | undefined> {
  const task = (await tasksOf(api.db, [job.id])).find(({ stage }) => stage === pod.name);
  return PodResult.safeParse(task?.output).data;
}

const podJob = (post: Post, job: Job, made: PodResult | undefined): z.infer<typeof PodJob> => ({
  job_id: job.id,
  post_id: post.id,
  s3_input_key: String(job.input.inputKey),
  output_s3_prefix: made?.prefix ?? null,
  status: WORDS[job.status],
  pod: made?.pod ?? null,
  pod_response: made?.response ?? null,
  manifest: made?.manifest ?? null,
  created_at: job.createdAt.toISOString(),
  updated_at: job.updatedAt.toISOString(),
  started_at: iso(job.startedAt),
  completed_at: iso(job.endedAt),
});

async function waitsFor({ db, house, config }: Api, post: Post): Promise<string | null> {
  const key = inputKeyOf(post);
  if (post.hasSubtitles || (key !== null && post.subtitleKey === key)) return null;
  if (key === null) return 'it names no video: set hls_s3_key or hls_input_key';
  const { postUsers } = config.sources;
  const user = post.userId ?? post.owner;
  if (postUsers.length > 0 && !postUsers.includes(user)) return `${user} is not on VL_WHITELIST_USER_IDS`;
  const able = house.abilities.includes('run pods') || (await knownAbilities(db)).includes('run pods');
  return able ? 'the watch, which looks at it in a moment' : 'a pod: set VL_POD_RUN_URL';
}
