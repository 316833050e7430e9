import { call, Problem } from '../api.js';
import { waiting } from '../circumstances.js';
import { learn } from '../details.js';
import { fill, h } from '../dom.js';
import { percent } from '../format.js';
import { follow, LATER_MS, SOON_MS } from '../live.js';
import { isUnfinished, titleOf } from '../names.js';
import { sayEnd } from '../notice.js';
import { jobOf } from '../one-job.js';
import { artifactTable } from './artifacts.js';
import { failureBox } from './failure.js';
import { jobHead } from './job-head.js';
import { player } from './player.js';
import { rawJson } from './raw.js';
import { story } from './story.js';
import { terminal } from './terminal.js';
import { timeline } from './timeline.js';
import { untold } from './untold.js';

/** @typedef {import('../types.d.ts').Job} Job */
/** @typedef {import('../types.d.ts').Dream} Dream */

/** Everything there is to see about one job, or about the dream it works for. @param {{ name: 'jobs' | 'dreams', id: string }} to */
export function jobPage({ name, id }) {
  const head = jobHead({ again: () => following.again() });
  const film = player();
  const parts = [
    head,
    film,
    story({ seek: film.seek }),
    failureBox(),
    timeline(),
    artifactTable(),
    terminal(),
    rawJson(),
  ];
  const [, , told, failure, times, files, curls, raw] = parts.map(({ element }) => element);
  const whole = [head.element, failure, h('div', { class: 'watch' }, film.element, told), times, files, curls, raw];
  const element = h('article', { class: 'page' }, h('p', { class: 'hint' }, 'Loading…'));
  /** @type {Dream | undefined} */
  let dream;
  /** @type {Job | undefined} */
  let job;

  async function read() {
    if (name === 'dreams') dream = await call('GET', `dreams/${id}`);
    const jobId = name === 'jobs' ? id : dream?.video_job_id;
    const now = jobId ? jobOf(await call('GET', `jobs/${jobId}`)) : undefined;
    // What the finished film says of itself is with the dream.
    const ended = now?.status === 'completed' && now.pipeline === 'dream' && job?.status !== 'completed';
    if (name === 'jobs' && ended) dream = await call('GET', `dreams/${now.subject}`).catch(() => undefined);
    return now;
  }

  /** @param {Job | undefined} now */
  function tell(now) {
    if (!now) return void fill(element, untold(/** @type {Dream} */ (dream), { again: () => following.again() }));
    if (!head.element.isConnected) fill(element, ...whole);
    if (job && !isUnfinished(now)) sayEnd(job.status, now.status, titleOf(now));
    job = now;
    learn(now);
    for (const part of parts) part.show(now, dream);
    document.title = `${isUnfinished(now) ? `${percent(now.progress)} · ` : ''}${titleOf(now)} · Reverie`;
    waiting.set(
      now.stages.filter(({ state }) => state === 'waiting').map(({ name, fleet }) => ({ stage: name, fleet })),
    );
  }

  /** @param {Error} error */
  function trouble(error) {
    if (!(error instanceof Problem) || job) return;
    fill(
      element,
      h('a', { class: 'back', href: '#/' }, 'All dreams and jobs'),
      h('p', { class: 'empty' }, error.message),
    );
  }

  const following = follow(read, { tell, trouble, everyMs: (now) => (now && isUnfinished(now) ? SOON_MS : LATER_MS) });
  return {
    element,
    stop() {
      following.stop();
      film.stop();
    },
    cancel: () => head.cancel(),
    retry: () => head.retry(),
  };
}
