import { h } from '../dom.js';
import { isRetryable, isUnfinished } from '../names.js';
import { go, listAt } from '../router.js';
import { begin } from './begin.js';
import { list } from './list.js';

/** The first page: the forms and the list. It stays as it was while a job is looked at. */
export function home() {
  const jobs = list();
  const forms = begin({ begun: (jobId) => go(`#/jobs/${jobId}`), posted: (postId) => go(`#/posts/${postId}`) });
  const opener = h(
    'button',
    { type: 'button', class: 'primary opener', onclick: () => open('dream'), 'aria-expanded': 'false' },
    'New job',
  );
  const side = h('aside', { class: 'side' }, opener, forms.element);
  const element = h('div', { class: 'home' }, side, jobs.element);
  let last = '';
  let wanted = { status: '', pipeline: '' };

  /** @param {import('./begin.js').Kind} kind */
  function open(kind) {
    side.toggleAttribute('data-open', true);
    opener.setAttribute('aria-expanded', 'true');
    forms.focus(kind);
  }

  /** Does to the row with the focus what its button does, if that is what the key means. @param {(job: { status: string }) => boolean} means */
  function act(means) {
    const row = jobs.current();
    if (row?.entry.job && means(row.entry.job)) row.act();
  }

  return {
    element,
    begin: open,
    /** @param {{ status: string, pipeline: string }} now */
    show(now) {
      const before = listAt(wanted);
      wanted = now;
      jobs.show(now, listAt(now) === before ? last : '');
    },
    /** @param {string} opened */
    hide(opened) {
      last = opened;
      jobs.hide();
    },
    back: () => go(listAt(wanted)),
    filter: () => jobs.focusFilter(),
    /** @param {1 | -1} by */
    move(by) {
      const ids = jobs.ids();
      const at = ids.indexOf(jobs.current()?.entry.id ?? last);
      last = ids[Math.min(Math.max(at === -1 ? 0 : at + by, 0), ids.length - 1)] ?? '';
      jobs.focus(last);
    },
    cancel: () => act(isUnfinished),
    retry: () => act(isRetryable),
  };
}
