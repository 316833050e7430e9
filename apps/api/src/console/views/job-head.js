import { cancelJob, retryJob } from '../actions.js';
import { lacking } from '../circumstances.js';
import { copyButton } from '../copy.js';
import { fill, h, mark, write } from '../dom.js';
import { age, percent, span } from '../format.js';
import { isRetryable, isUnfinished, titleOf } from '../names.js';
import { bar, statusChip } from './status.js';

/** @typedef {import('../types.d.ts').Job} Job */

/** What the job is, how far it is, and what can be done to it. @param {{ again(): void }} on */
export function jobHead({ again }) {
  /** @type {Job} */
  let job;
  let name = '';
  const title = h('h1', { dir: 'auto' });
  const chip = statusChip();
  const facts = h('span', { class: 'meta' });
  const progress = bar('progress of the job');
  const doing = h('p', { class: 'doing' });
  const from = h('select', { 'aria-label': 'Retry from stage' });
  const cancelButton = h('button', { type: 'button', onclick: cancel }, 'Cancel');
  const retryButton = h('button', { type: 'button', class: 'primary', onclick: retry }, 'Retry');
  const again_ = h('div', { class: 'row retry' }, retryButton, from);
  const element = h(
    'header',
    { class: 'job-head' },
    h('a', { class: 'back', href: '#/' }, 'All dreams and jobs'),
    h('div', { class: 'row wide' }, title, h('div', { class: 'row' }, cancelButton, again_)),
    h(
      'div',
      { class: 'row' },
      chip.element,
      facts,
      copyButton('Copy id', () => job.job_id),
    ),
    progress.element,
    doing,
  );

  async function cancel() {
    if (!isUnfinished(job)) return;
    await cancelJob(job.job_id, name);
    again();
  }
  async function retry() {
    if (!isRetryable(job)) return;
    await retryJob(job.job_id, name, from.value);
    again();
  }

  return {
    element,
    cancel,
    retry,
    /** @param {Job} now @param {import('../types.d.ts').About} about */
    show(now, { post }) {
      job = now;
      name = titleOf(job, post);
      write(title, name);
      chip.show(job.status);
      write(facts, factsOf(job));
      cancelButton.hidden = !isUnfinished(job);
      again_.hidden = !isRetryable(job);
      const may = !lacking.get().includes('submit');
      for (const button of [cancelButton, retryButton]) mark(button, 'disabled', !may);
      progress.element.hidden = !isUnfinished(job);
      progress.show(job.progress, `${percent(job.progress)} ${job.stage ?? ''}`);
      doing.hidden = !isUnfinished(job);
      write(doing, doingOf(job));
      if (from.options.length === 0) {
        const options = job.stages.map(({ name }) => h('option', { value: name }, `from ${name}`));
        fill(from, h('option', { value: '' }, 'where it stopped'), ...options);
      }
    },
  };
}

/** @param {Job} job */
function factsOf({ pipeline, priority, created_at, started_at, ended_at, run }) {
  const took = started_at && ended_at ? `took ${span(Date.parse(ended_at) - Date.parse(started_at))}` : undefined;
  const times = run > 0 ? `retried ${run === 1 ? 'once' : `${run} times`}` : undefined;
  const rank = priority === 'normal' ? undefined : `${priority} priority`;
  return [pipeline, rank, age(created_at), took, times].filter(Boolean).join(' · ');
}

/** @param {Job} job */
function doingOf({ stages, progress }) {
  const now = stages
    // Of many parts one may have failed for good while the others go on.
    .filter(({ state, parts }) => state === 'running' || (state === 'failed' && parts.total > 1))
    .map(({ name, parts }) => (parts.total > 1 ? `${name} (${parts.completed} of ${parts.total})` : name));
  const next = stages
    .filter(({ state }) => state === 'waiting')
    .map(({ name, fleet }) => `${name} waits for fleet ${fleet}`);
  return `${percent(progress)} · ${[...now, ...next].join(', ') || 'between stages'}`;
}
