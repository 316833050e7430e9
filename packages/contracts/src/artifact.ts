import { z } from 'zod';

/** A file the product owns, wherever it is stored. Stages hand these to each other, never local paths. */
export const Artifact = z.object({
  key: z.string().min(1).describe('Storage key, built only by artifactKey'),
  bytes: z.int().min(0),
  contentType: z.string(),
});
export type Artifact = z.infer<typeof Artifact>;

/** Every file mentioned in an output, however deep. */
export function artifactsIn(output: unknown): Artifact[] {
  if (typeof output !== 'object' || output === null) return [];
  const file = Artifact.safeParse(output);
  return file.success ? [file.data] : Object.values(output).flatMap(artifactsIn);
}

/** Whose file it is already: an upload may be the source of several jobs. */
export const isUploaded = ({ key }: Artifact): boolean => key.startsWith('uploads/');

/** Every storage key there is, in one place: the grammar of decisions.md. Only ids, numbers and fixed words enter a key. */
export const artifactKey = {
  dreamVideo: (dreamId: string) => `dreams/${dreamId}/video.mp4`,
  dreamPreview: (dreamId: string) => `dreams/${dreamId}/preview.mp4`,
  dreamPoster: (dreamId: string) => `dreams/${dreamId}/poster.jpg`,
  /** A segment when its model has been at it, and the video made of all of them; `name` is what its submitter calls the job. */
  segmentOut: (name: string, index: number) => `jobs/${name}/segments/${index}.mp4`,
  segmentsFinal: (name: string) => `jobs/${name}/final.mp4`,
  /** Everything a pod makes of one job. */
  podOutput: (prefix: string, jobId: string) => `${prefix}/${jobId}`,
  /** A file somebody uploaded, once all its parts are there. */
  upload: (id: string) => `uploads/${id}/file`,
  /** What one attempt of one task made. The attempt is part of it: a stale worker's upload lands beside, never over. */
  work: (at: { jobId: string; stage: string; part: number; attempt: number }, name: string) =>
    `jobs/${at.jobId}/work/${at.stage}/${at.part}/${at.attempt}/${name}`,
  /** What an attempt would report, stored before it reports: enough to finish the task if its worker dies right there. */
  manifest: (at: { taskId: string; attempt: number }) => `tasks/${at.taskId}/${at.attempt}.json`,
} as const;

/** Where all of them begin: what lies elsewhere in a store is not ours. */
export const ARTIFACT_FOLDERS = ['dreams', 'jobs', 'tasks', 'uploads'] as const;
