import { call, Problem } from '../api.js';
import { waiting } from '../circumstances.js';
import { fleetOf } from '../details.js';
import { fill, h, keyed, write } from '../dom.js';
import { entriesOf } from '../entries.js';
import { follow, LATER_MS, SOON_MS } from '../live.js';
import { isUnfinished } from '../names.js';
import { go, listAt } from '../router.js';
import { choice } from './field.js';
import { row } from './row.js';

/** @typedef {import('../entries.js').Entry} Entry */
/** @typedef {import('../types.d.ts').Summary} Summary */
/** @typedef {import('../types.d.ts').Dream} Dream */
/** @typedef {import('../types.d.ts').PostSummary} Post */

const STATUSES = ['', 'queued', 'processing', 'completed', 'failed', 'cancelled'];
const PIPELINES = ['', 'dream', 'captions', 'analysis', 'subtitles', 'segments'];
const PAGE = 30;
const MOST = 500;

/** Jobs, told dreams and posts that wait, newest first, live. */
export function list() {
  let status = '';
  let pipeline = '';
  let limit = PAGE;
  let returning = '';
  /** @type {ReturnType<typeof follow> | undefined} */
  let following;
  const filter = choice({
    name: 'status',
    label: 'Show',
    chosen: '',
    options: STATUSES.map((value) => ({ value, shown: [value || 'all'] })),
    onchange: filtered,
  });
  const kinds = h(
    'select',
    { class: 'small', 'aria-label': 'Of which pipeline', onchange: filtered },
    ...PIPELINES.map((value) => h('option', { value }, value || 'all pipelines')),
  );
  const total = h('span', { class: 'hint', 'aria-live': 'off' });
  const items = h('ol', { class: 'jobs' });
  const empty = h('div', { class: 'empty' });
  const more = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: showMore }, 'Show older');
  const element = h(
    'section',
    { class: 'list', 'aria-labelledby': 'list-title' },
    h('div', { class: 'row' }, h('h2', { id: 'list-title' }, 'Dreams and jobs'), total),
    h('div', { class: 'row wide filters' }, filter.element, kinds),
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

  function filtered() {
    go(listAt({ status: filter.get(), pipeline: kinds.value }));
  }
  /** @param {string} one */
  const isWanted = (one) => pipeline === '' || pipeline === one;

  async function read() {
    const wanted = `${status && `&status=${status}`}${pipeline && `&pipeline=${pipeline}`}`;
    const [answer, { dreams }, { posts }] = await Promise.all([
      call('GET', `jobs?limit=${limit}${wanted}`),
      isWanted('dream') ? call('GET', `dreams?limit=${limit}`) : { dreams: [] },
      isWanted('subtitles') ? call('GET', `posts?limit=${limit}`) : { posts: [] },
    ]);
    /** @type {{ total: number, jobs: Summary[], next_cursor: string | null, dreams: Dream[], posts: Post[] }} */
    const all = { ...answer, dreams, posts };
    return all;
  }

  /** @param {Awaited<ReturnType<typeof read>>} answer */
  function tell(answer) {
    const { jobs, total: all, next_cursor } = answer;
    const entries = entriesOf(answer, status !== '');
    show(entries);
    for (const id of rows.keys()) if (!entries.some((entry) => entry.id === id)) rows.delete(id);
    if (isNowhere(document.activeElement)) rows.get(returning)?.focus();
    returning = '';
    write(total, all > jobs.length ? `${jobs.length} of ${all.toLocaleString()} jobs` : '');
    more.hidden = next_cursor === null || limit >= MOST;
    empty.hidden = entries.length > 0;
    if (entries.length === 0) fill(empty, ...nothing(status, pipeline));
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
    /** @param {{ status: string, pipeline: string }} wanted @param {string} from the row that gets the focus once it is there */
    show(wanted, from) {
      returning = from;
      status = STATUSES.includes(wanted.status) ? wanted.status : '';
      pipeline = PIPELINES.includes(wanted.pipeline) ? wanted.pipeline : '';
      filter.set(status);
      kinds.value = pipeline;
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

/** @param {string} status @param {string} pipeline */
const nothing = (status, pipeline) =>
  status || pipeline
    ? [h('p', {}, `There is no ${[status, pipeline, 'job'].filter(Boolean).join(' ')} just now.`)]
    : [
        h('p', { class: 'big' }, 'Nothing has been made yet.'),
        h('p', {}, 'Tell a dream and watch it become a film, or name a video.'),
      ];
