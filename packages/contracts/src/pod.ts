import { z } from 'zod';
import { Artifact } from './artifact.ts';

/** What a pod is asked to do: `POST {VL_POD_RUN_URL}`. The same `job_id` again is the same run, and is never begun twice. */
export const PodRun = z.object({
  job_id: z.uuid(),
  s3_input_key: z.string().min(1).describe('The master playlist or the video, in the input bucket'),
  input_url: z.url().describe('The same, presigned; of a playlist, the playlist alone'),
  s3_output_prefix: z.string().min(1).describe('Where everything goes, `manifest.json` last'),
  source_lang: z.string().nullable().describe('null: the pod finds out'),
  target_lang: z.string().nullable().describe('null: no translation'),
  enable_dubbing: z.boolean(),
  hls_segment: z.number().describe('Seconds'),
});
export type PodRun = z.infer<typeof PodRun>;

export const POD_STATES = ['running', 'completed', 'failed'] as const;

/** `GET {VL_POD_RUN_URL}/{job_id}`, for pods that can tell; 404: the pod knows nothing of it (any more). */
export const PodStatus = z.looseObject({
  status: z.enum(POD_STATES),
  progress: z.number().min(0).max(100).optional(),
  error: z.string().optional(),
});
export type PodStatus = z.infer<typeof PodStatus>;

/**
 * `manifest.json`: what a run has made, and the only proof that it has. Files are named by their key, by `s3://bucket/key`,
 * by an address that ends with the key, or by their name below the prefix. Whatever else a pod says in it is kept.
 */
export const PodManifest = z.looseObject({
  job_id: z.uuid(),
  subtitle_vtt_url: z.string().min(1),
  subtitle_hls_master: z.string().min(1),
  language: z.string().optional(),
  provider: z.string().optional(),
  /** Everything there is, where the pod lists it: sizes are held against the store. */
  files: z
    .array(z.object({ key: z.string().min(1), bytes: z.int().min(0) }))
    .max(200_000)
    .optional(),
});
export type PodManifest = z.infer<typeof PodManifest>;

/** What has come of a run: the manifest as it was written, what the pod answered, and the two files everybody asks for. */
export const PodResult = z.object({
  manifest: PodManifest,
  /** null: the line was cut, and the manifest told. */
  response: z.unknown(),
  /** Which pod, by its host. */
  pod: z.string(),
  vtt: Artifact,
  hlsMaster: Artifact,
  /** Where its files are, without a slash at the end. */
  prefix: z.string(),
});
export type PodResult = z.infer<typeof PodResult>;
