import { call, Problem } from '../api.js';
import { waiting } from '../circumstances.js';
import { fleetOf } from '../details.js';
import { fill, h, keyed, write } from '../dom.js';
import { follow, LATER_MS, SOON_MS } from '../live.js';
import { isUnfinished } from '../names.js';
import { go } from '../router.js';
import { choice } from './field.js';
import { row } from './row.js';

/** @typedef {import('./row.js').Entry} Entry */
/** @typedef {import('../types.d.ts').Summary} Summary */
/** @typedef {import('../types.d.ts').Dream} Dream */

const STATUSES = ['', 'queued', 'processing', 'completed', 'failed', 'cancelled'];
const PAGE = 30;
const MOST = 500;

/** Jobs and told dreams, newest first, live. */
export function list() {
  let status = '';
  let limit = PAGE;
  let returning = '';
  /** @type {ReturnType<typeof follow> | undefined} */
  let following;
  const filter = choice({
    name: 'status',
    label: 'Show',
    chosen: '',
    options: STATUSES.map((value) => ({ value, shown: [value || 'all'] })),
    onchange: () => go(filter.get() ? `#/?status=${filter.get()}` : '#/'),
  });
  const total = h('span', { class: 'hint', 'aria-live': 'off' });
  const items = h('ol', { class: 'jobs' });
  const empty = h('div', { class: 'empty' });
  const more = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: showMore }, 'Show older');
  const element = h(
    'section',
    { class: 'list', 'aria-labelledby': 'list-title' },
    h('div', { class: 'row' }, h('h2', { id: 'list-title' }, 'Dreams and jobs'), total),
    filter.element,
    items,
    empty,
    more,
  );
  /** @type {Map<string, ReturnType<typeof row>>} */
  const rows = new Map();
  const show = keyed(items, {
    keyOf: (/** @type {Entry} */ { id }) => id,
    make(entry) {
      const made = row(entry, { again: () => following?.again() });
      rows.set(entry.id, made);
      return made;
    },
  });

  async function read() {
    const [answer, { dreams }] = await Promise.all([
      call('GET', `jobs?limit=${limit}${status ? `&status=${status}` : ''}`),
      call('GET', `dreams?limit=${limit}`),
    ]);
    return /** @type {{ total: number, jobs: Summary[], next_cursor: string | null, dreams: Dream[] }} */ ({
      ...answer,
      dreams,
    });
  }

  /** @param {Awaited<ReturnType<typeof read>>} answer */
  function tell({ jobs, dreams, total: all, next_cursor }) {
    const entries = entriesOf(
      jobs,
      status === '' ? dreams : dreams.filter((dream) => dream.video_job_id),
      next_cursor !== null,
    );
    show(entries);
    for (const id of rows.keys()) if (!entries.some((entry) => entry.id === id)) rows.delete(id);
    if (isNowhere(document.activeElement)) rows.get(returning)?.focus();
    returning = '';
    write(total, all > jobs.length ? `${jobs.length} of ${all.toLocaleString()} jobs` : '');
    more.hidden = next_cursor === null || limit >= MOST;
    empty.hidden = entries.length > 0;
    if (entries.length === 0) fill(empty, ...nothing(status));
    waiting.set(
      jobs.filter(isUnfinished).flatMap(({ pipeline, stage }) => {
        const fleet = stage && fleetOf(pipeline, stage);
        return stage && fleet ? [{ fleet, stage }] : [];
      }),
    );
  }

  /** @param {Error} error */
  function trouble(error) {
    // An outage has its banner and leaves what is on the page; a refusal takes it away.
    if (!(error instanceof Problem) || error.status === 401 || error.status >= 500) return;
    show([]);
    empty.hidden = false;
    fill(empty, h('p', {}, error.message));
  }

  function showMore() {
    limit = Math.min(limit * 2, MOST);
    following?.again();
  }

  const begin = () =>
    follow(read, { tell, trouble, everyMs: ({ jobs }) => (jobs.some(isUnfinished) ? SOON_MS : LATER_MS) });

  return {
    element,
    /** @param {string} wanted @param {string} from the row that gets the focus once it is there */
    show(wanted, from) {
      returning = from;
      status = STATUSES.includes(wanted) ? wanted : '';
      filter.set(status);
      following?.stop();
      following = begin();
    },
    hide: () => following?.stop(),
    focusFilter: () => filter.focus(),
    /** The row that has the focus. */
    current: () => [...rows.values()].find(({ element }) => element.contains(document.activeElement)),
    /** @param {string} id */
    focus: (id) => rows.get(id)?.focus(),
    ids: () =>
      [...items.children].flatMap((child) => [...rows].find(([, { element }]) => element === child)?.[0] ?? []),
  };
}

/** Whoever has begun to type is not interrupted. @param {Element | null} focused */
const isNowhere = (focused) => focused === document.body || focused?.id === 'main';

/** @param {Summary[]} jobs @param {Dream[]} dreams @param {boolean} olderExist @returns {Entry[]} */
function entriesOf(jobs, dreams, olderExist) {
  const byJob = new Map(dreams.map((dream) => [dream.video_job_id, dream]));
  const oldest = olderExist ? (jobs.at(-1)?.created_at ?? '') : '';
  const untold = dreams.filter(({ video_job_id, created_at }) => video_job_id === null && created_at >= oldest);
  return [
    ...jobs.map((job) => {
      const dream = byJob.get(job.job_id);
      return { id: job.job_id, at: job.created_at, job, ...(dream && { dream }) };
    }),
    ...untold.map((dream) => ({ id: dream.id, at: dream.created_at, dream })),
  ].sort((a, b) => b.at.localeCompare(a.at));
}

/** @param {string} status */
const nothing = (status) =>
  status === ''
    ? [
        h('p', { class: 'big' }, 'Nothing has been made yet.'),
        h('p', {}, 'Tell a dream and watch it become a film, or name a video.'),
      ]
    : [h('p', {}, `Nothing is ${status} just now.`)];
