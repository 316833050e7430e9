import { cancelJob, makeVideo, retryJob } from '../actions.js';
import { askFor, detailOf } from '../details.js';
import { h, mark, write } from '../dom.js';
import { age, percent } from '../format.js';
import { filesOf, isRetryable, isUnfinished, titleOf } from '../names.js';
import { sayEnd } from '../notice.js';
import { bar, statusChip } from './status.js';

/** @typedef {import('../entries.js').Entry} Entry */

/** In place of a picture; only for eyes, as the pipeline's name stands beside. @type {Record<string, string>} */
const GLYPHS = { captions: 'CC', analysis: '▦', subtitles: 'HLS', segments: '▥', selftest: '✓' };

/** @param {Entry} first @param {{ again(): void }} on */
export function row(first, { again }) {
  let entry = first;
  let before = '';
  const img = h('img', { alt: '', loading: 'lazy', decoding: 'async', onerror: () => (img.hidden = true) });
  const thumb = h('div', { class: 'thumb' }, img);
  const title = h('span', { class: 'title', dir: 'auto' });
  const chip = statusChip();
  const kind = h('span', { class: 'stage' });
  const stage = h('span', { class: 'stage' });
  const time = h('time');
  const progress = bar('progress');
  const action = h('button', { type: 'button', class: 'quiet small', tabindex: '-1', onclick: act });
  const link = h('a', { class: 'open' }, title);
  const element = h(
    'li',
    { class: 'job' },
    thumb,
    h('div', { class: 'about' }, link, h('div', { class: 'meta' }, chip.element, kind, stage, time), progress.element),
    action,
  );
  const name = () => nameOf(entry);

  async function act() {
    if (entry.dream && !entry.job) await makeVideo(entry.id, name());
    else if (!entry.job) return;
    else if (isUnfinished(entry.job)) await cancelJob(entry.id, name());
    else if (isRetryable(entry.job)) await retryJob(entry.id, name());
    again();
  }

  /** @param {Entry} next */
  function show(next) {
    entry = next;
    const { job, post } = entry;
    const status = job?.status ?? (post ? (post.subtitle_status ?? 'posted') : 'told');
    const pipeline = job?.pipeline ?? (post ? 'subtitles' : 'dream');
    write(title, name());
    mark(link, 'href', `#/${job ? 'jobs' : post ? 'posts' : 'dreams'}/${entry.id}`);
    chip.show(status);
    write(kind, pipeline === 'dream' ? '' : pipeline);
    mark(thumb, 'data-glyph', GLYPHS[pipeline]);
    write(stage, job ? said(job) : (post?.subtitle_error ?? ''));
    mark(stage, 'data-bad', status === 'failed');
    write(time, age(entry.at));
    mark(time, 'datetime', entry.at);
    progress.element.hidden = !job || !isUnfinished(job);
    if (job) progress.show(job.progress, `${percent(job.progress)}${job.stage ? `, ${job.stage}` : ''}`);
    const can = !job ? (post ? '' : 'Make the video') : isUnfinished(job) ? 'Cancel' : isRetryable(job) ? 'Retry' : '';
    action.hidden = can === '';
    write(action, can);
    mark(action, 'aria-label', `${can}: ${name()}`);
    picture();
    if (before && job && !isUnfinished(job)) sayEnd(before, status, name());
    before = status;
  }

  function picture() {
    const detail = detailOf(entry.id);
    const { poster } = detail ? filesOf(detail) : {};
    // Every answer signs its links anew; the picture behind one stays the same.
    if (poster && img.dataset.key !== poster.key) {
      img.dataset.key = poster.key;
      img.src = poster.url;
      img.hidden = false;
    } else if (!poster) img.hidden = true;
    mark(element, 'data-aspect', String(detail?.input.aspect ?? entry.dream?.aspect ?? ''));
  }

  const inView = new IntersectionObserver(([seen]) => seen?.isIntersecting && look(), { rootMargin: '200px' });
  const look = () => entry.job && askFor(entry.job, () => element.isConnected && show(entry));
  inView.observe(element);

  return {
    element,
    /** @param {Entry} next */
    show(next) {
      const moved = entry.job?.stage !== next.job?.stage || entry.job?.status !== next.job?.status;
      show(next);
      if (moved) look();
    },
    focus: () => link.focus(),
    act,
    get entry() {
      return entry;
    },
  };
}

/** @param {Entry} entry */
function nameOf({ id, job, dream, post }) {
  const told = detailOf(id) ?? job ?? { job_id: id, pipeline: post ? 'post' : 'dream' };
  const key = post && (post.hls_s3_key ?? post.hls_input_key);
  return titleOf(key ? { input: { inputKey: key }, ...told } : told, dream ?? post);
}

/** @param {import('../types.d.ts').Summary} job */
function said(job) {
  if (job.error) return `${job.error.stage}: ${job.error.code}`;
  if (!isUnfinished(job)) return '';
  return job.stage ? `${job.stage} ${percent(job.progress)}` : percent(job.progress);
}
