/** @typedef {import('./types.d.ts').Summary} Summary */
/** @typedef {import('./types.d.ts').Dream} Dream */
/** @typedef {import('./types.d.ts').PostSummary} Post */

/**
 * A line of the list: a job with the row it works for, or a dream nobody asked a video for, or a post no job works for.
 * @typedef {{ id: string, at: string, job?: Summary, dream?: Dream, post?: Post }} Entry
 */

/**
 * Everything there is, newest first.
 * @param {{ jobs: Summary[], dreams: Dream[], posts: Post[], next_cursor: string | null }} answer
 * @param {boolean} withJobsAlone
 * @returns {Entry[]}
 */
export function entriesOf({ jobs, dreams, posts, next_cursor }, withJobsAlone) {
  const dreamOf = new Map(dreams.map((dream) => [dream.video_job_id, dream]));
  const postOf = new Map(posts.map((post) => [post.subtitle_job_id, post]));
  const oldest = next_cursor === null ? '' : (jobs.at(-1)?.created_at ?? '');
  const isShown = (/** @type {{ created_at: string }} */ { created_at }) => !withJobsAlone && created_at >= oldest;
  const untold = dreams.filter((dream) => dream.video_job_id === null && isShown(dream));
  const waiting = posts.filter((post) => post.subtitle_job_id === null && !post.has_subtitles && isShown(post));
  return [
    ...jobs.map((job) => {
      const [dream, post] = [dreamOf.get(job.job_id), postOf.get(job.job_id)];
      return { id: job.job_id, at: job.created_at, job, ...(dream && { dream }), ...(post && { post }) };
    }),
    ...untold.map((dream) => ({ id: dream.id, at: dream.created_at, dream })),
    ...waiting.map((post) => ({ id: post.id, at: post.created_at, post })),
  ].sort((a, b) => b.at.localeCompare(a.at));
}
