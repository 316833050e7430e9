import { clip } from './format.js';

/** @param {{ title?: unknown, transcript?: unknown }} told */
const ofText = ({ title, transcript }) => {
  if (typeof title === 'string' && title) return title;
  return typeof transcript === 'string' && transcript ? clip(transcript, 80) : undefined;
};

/** What a person would call this job. @param {{ job_id: string, pipeline: string, input?: Record<string, unknown> }} job @param {{ title: string | null, transcript: string } | undefined} [dream] */
export const titleOf = (job, dream) =>
  (job.input && ofText(job.input)) ?? (dream && ofText(dream)) ?? `${job.pipeline} ${job.job_id.slice(0, 8)}`;

/** The files of a job that people look at, by what they are. @param {import('./types.d.ts').Job} job */
export function filesOf({ artifacts, subject }) {
  const named = (/** @type {string} */ name) => artifacts.find(({ key }) => key === `dreams/${subject}/${name}`);
  return { film: named('video.mp4'), preview: named('preview.mp4'), poster: named('poster.jpg') };
}

/** @param {{ status: string }} job */
export const isUnfinished = ({ status }) => status === 'queued' || status === 'processing';

/** @param {{ status: string }} job */
export const isRetryable = ({ status }) => status === 'failed' || status === 'cancelled';
