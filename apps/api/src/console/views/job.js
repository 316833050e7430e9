import { aboutJobs, STALE_MS } from '../about.js';
import { call, Problem } from '../api.js';
import { waiting } from '../circumstances.js';
import { learn } from '../details.js';
import { fill, h } from '../dom.js';
import { percent } from '../format.js';
import { follow, LATER_MS, SOON_MS } from '../live.js';
import { isUnfinished, titleOf } from '../names.js';
import { sayEnd } from '../notice.js';
import { jobOf } from '../one-job.js';
import { analysisBody } from './analysis-body.js';
import { artifactTable } from './artifacts.js';
import { captionsBody } from './captions-body.js';
import { dreamBody } from './dream-body.js';
import { failureBox } from './failure.js';
import { jobHead } from './job-head.js';
import { postAlone } from './post-alone.js';
import { rawJson } from './raw.js';
import { segmentsBody } from './segments-body.js';
import { subtitlesBody } from './subtitles-body.js';
import { terminal } from './terminal.js';
import { timeline } from './timeline.js';
import { untold } from './untold.js';
import { videoAlone } from './video-alone.js';

/** @typedef {import('../types.d.ts').Job} Job */
/** @typedef {import('../types.d.ts').About} About */
/**
 * What a pipeline has to show for itself.
 * @typedef {object} Body
 * @property {HTMLElement} element
 * @property {(job: Job, about: About) => void} show
 * @property {() => void} toggle plays or pauses
 * @property {() => void} stop
 * @property {(() => void) | undefined} [find] where there is something to look through
 * @property {() => boolean} [captions] turns subtitles on or off, and says whether there are any
 */

/** The rest of the page is the same for all. @type {Record<string, (on: { again(): void }) => Body>} */
const BODIES = {
  dream: dreamBody,
  captions: captionsBody,
  analysis: analysisBody,
  subtitles: subtitlesBody,
  segments: segmentsBody,
};

/** Everything there is to see about one job, or about the row it works for. @param {{ name: import('../router.js').Row, id: string }} to */
export function jobPage({ name, id }) {
  const head = jobHead({ again: () => following.again() });
  const times = timeline();
  const [failure, ...below] = [failureBox(), times, artifactTable(), terminal(), rawJson()];
  const element = h('article', { class: 'page' }, h('p', { class: 'hint' }, 'Loading…'));
  const rows = aboutJobs();
  /** @type {Body | undefined} */
  let body;
  /** @type {ReturnType<typeof analysisBody> | undefined} */
  let alone;
  /** @type {Job | undefined} */
  let job;

  async function read() {
    const { known, jobId } = await named();
    const now = jobId ? jobOf(await call('GET', `jobs/${jobId}`)) : undefined;
    return { now, about: { ...(now && (await rows.read(now))), ...known } };
  }

  /** A dream's job may be another one every time; other rows have one, and much to tell: they are read when it has moved. */
  async function named() {
    if (name === 'jobs' || (job && job.pipeline !== 'dream')) return { known: {}, jobId: job?.job_id ?? id };
    const row = await call('GET', `${name}/${id}`);
    if (name === 'dreams') return { known: { dream: row }, jobId: row.video_job_id };
    if (name === 'posts') return { known: { post: row }, jobId: row.subtitle_job_id };
    return { known: { video: row }, jobId: row.job_id };
  }

  /** @param {{ now: Job | undefined, about: About }} answer */
  function tell({ now, about }) {
    if (!now) return showRow(about);
    if (!body) {
      body = (BODIES[now.pipeline] ?? dreamBody)({ again: () => following.again() });
      fill(element, head.element, failure.element, body.element, ...below.map(({ element }) => element));
    }
    if (job && !isUnfinished(now)) sayEnd(job.status, now.status, titleOf(now, about.post));
    job = now;
    learn(now);
    for (const part of [head, failure, ...below]) part.show(now, about);
    body.show(now, about);
    document.title = `${isUnfinished(now) ? `${percent(now.progress)} · ` : ''}${titleOf(now, about.post)} · Reverie`;
    waiting.set(
      now.stages.filter(({ state }) => state === 'waiting').map(({ name, fleet }) => ({ stage: name, fleet })),
    );
  }

  /** Nobody works for it, or nobody does any more. @param {About} about */
  function showRow({ dream, video, post }) {
    if (dream) fill(element, untold(dream, { again: () => following.again() }));
    if (video) showVideo(video);
    if (post) fill(element, postAlone(post));
  }

  /** @param {import('../types.d.ts').Video} video */
  function showVideo(video) {
    if (!alone) {
      alone = analysisBody();
      body = alone;
      fill(element, videoAlone(video), alone.element);
      document.title = `${video.title ?? 'Video'} · Reverie`;
    }
    alone.show(undefined, { video });
  }

  /** Nothing will change but the links. @param {{ now: Job | undefined, about: About }} answer */
  function everyMs({ now, about }) {
    if (!now && about.video) return STALE_MS;
    if (!now && about.post) return waits(about.post) ? SOON_MS : LATER_MS;
    return now && isUnfinished(now) ? SOON_MS : LATER_MS;
  }

  /** @param {Error} error */
  function trouble(error) {
    if (!(error instanceof Problem) || body) return;
    fill(
      element,
      h('a', { class: 'back', href: '#/' }, 'All dreams and jobs'),
      h('p', { class: 'empty' }, error.message),
    );
  }

  const following = follow(read, {
    tell,
    trouble,
    everyMs,
    streamOf: ({ now }) => (now && isUnfinished(now) ? now.links.stream : undefined),
  });
  // What runs goes on running between two answers.
  const clock = setInterval(() => job && isUnfinished(job) && times.show(job), SOON_MS);
  return {
    element,
    stop() {
      clearInterval(clock);
      following.stop();
      body?.stop();
    },
    cancel: () => head.cancel(),
    retry: () => head.retry(),
    toggle: () => body?.toggle(),
    /** Says whether there are subtitles to turn on or off. */
    captions: () => body?.captions?.() ?? false,
    /** Says whether there is something to look through. */
    find() {
      body?.find?.();
      return body?.find !== undefined;
    },
  };
}

/** The watch may take it up any moment. @param {import('../types.d.ts').Post} post */
const waits = ({ has_subtitles, subtitle_status }) => !has_subtitles && subtitle_status !== 'failed';
