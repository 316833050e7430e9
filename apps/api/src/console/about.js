import { call } from './api.js';

/** @typedef {import('./types.d.ts').Job} Job */
/** @typedef {import('./types.d.ts').About} About */

/** Links in an answer work for an hour; what hangs on them is read anew in time. */
export const STALE_MS = 20 * 60_000;

/** Reads the row a job works for: once, and again when the job has moved. Long videos have much to tell. */
export function aboutJobs() {
  /** @type {About} */
  let about = {};
  let of = '';
  let readAt = 0;
  return {
    /** @param {Job} job */
    async read(job) {
      const now = `${job.job_id} ${job.status}`;
      if (now === of && Date.now() - readAt < STALE_MS) return about;
      const next = await rowOf(job).catch(() => undefined);
      // A row that is out of reach takes nothing from the job, and is asked for again.
      if (next) [about, of, readAt] = [next, now, Date.now()];
      return about;
    },
  };
}

/** @param {Job} job @returns {Promise<About>} */
async function rowOf({ pipeline, subject, status }) {
  if (subject && pipeline === 'analysis') return { video: await call('GET', `videos/${subject}`) };
  // What the finished film says of itself is with the dream.
  if (subject && pipeline === 'dream' && status === 'completed')
    return { dream: await call('GET', `dreams/${subject}`) };
  if (subject && pipeline === 'subtitles') return { post: await call('GET', `posts/${subject}`) };
  return {};
}
