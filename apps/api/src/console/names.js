import { clip } from './format.js';

/** @param {{ title?: unknown, transcript?: unknown }} told */
const ofText = ({ title, transcript }) => {
  if (typeof title === 'string' && title) return title;
  return typeof transcript === 'string' && transcript ? clip(transcript, 80) : undefined;
};

/** What a person would call a video by its address. @param {string} source @param {Record<string, unknown> | null} [metadata] */
export function sourceName(source, metadata) {
  if (typeof metadata?.filename === 'string') return metadata.filename;
  if (source.startsWith('upload:')) return `upload ${source.slice(7, 15)}`;
  const { hostname, pathname, search } = URL.parse(source) ?? { hostname: source, pathname: '', search: '' };
  const last = pathname.split('/').findLast((part) => part !== '');
  if (last?.includes('.')) return readable(last);
  return `${hostname.replace(/^www\./, '')}${readable(pathname.replace(/\/$/, ''))}${search}`;
}

/** @param {string} text */
function readable(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A video's title, or where it is from. @param {{ youtube_url?: string | undefined, input?: Record<string, unknown>, metadata?: Record<string, unknown> | null }} job */
function ofVideo({ youtube_url, input, metadata }) {
  const source = youtube_url ?? input?.sourceUrl;
  return typeof source === 'string' ? sourceName(source, metadata) : undefined;
}

/** What people call the video at a key: playlists are all called the same, so the folder says more. @param {unknown} key */
export function keyName(key) {
  if (typeof key !== 'string' || key === '') return undefined;
  const parts = key.split('/');
  return parts.slice(/\.m3u8$/i.test(key) ? -2 : -1).join('/');
}

/** Whoever uploads segments has a name for the whole. @param {unknown} uploaded */
function ofUploaded(uploaded) {
  const { job } = /** @type {{ job?: string }} */ (uploaded ?? {});
  return job && !/^[0-9a-f-]{36}$/i.test(job) ? job : undefined;
}

/** What a person would call this job. @param {{ job_id: string, pipeline: string, youtube_url?: string | undefined, input?: Record<string, unknown>, metadata?: Record<string, unknown> | null }} job @param {{ title: string | null, transcript?: string } | undefined} [row] the dream or the post it works for */
export const titleOf = (job, row) =>
  (job.input && ofText(job.input)) ??
  (row && ofText(row)) ??
  ofVideo(job) ??
  keyName(job.input?.inputKey) ??
  ofUploaded(job.input?.uploaded) ??
  `${job.pipeline} ${job.job_id.slice(0, 8)}`;

/** The files of a job that people look at, by what they are. @param {import('./types.d.ts').Job} job */
export function filesOf({ artifacts, subject }) {
  const named = (/** @type {string} */ name) => artifacts.find(({ key }) => key === `dreams/${subject}/${name}`);
  const frames = artifacts.filter(({ stage, content_type }) => stage === 'frames' && content_type === 'image/jpeg');
  // The first picture of a video is often black.
  const poster = named('poster.jpg') ?? frames[Math.floor(frames.length / 3)];
  return { film: named('video.mp4'), preview: named('preview.mp4'), poster };
}

/** @param {{ status: string }} job */
export const isUnfinished = ({ status }) => status === 'queued' || status === 'processing';

/** @param {{ status: string }} job */
export const isRetryable = ({ status }) => status === 'failed' || status === 'cancelled';
