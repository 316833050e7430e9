import { call, Problem } from '../api.js';
import { fill, h, mark, write } from '../dom.js';
import { minute, percent } from '../format.js';

/** @typedef {import('../types.d.ts').Found} Found */
/** @typedef {Found['moments'][number]} Moment */

const MOST = 20;
/** Between two keys of somebody who types. */
const PAUSE_MS = 250;
const KINDS = /** @type {Record<Moment['kind'], string>} */ ({ speech: 'said', caption: 'seen', screen: 'written' });

/**
 * Looks for moments in one video: what is said, seen and written in it.
 * @param {{ seek(seconds: number): void, searching(on: boolean): void }} on
 */
export function moments({ seek, searching }) {
  let videoId = '';
  let asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const field = h('input', {
    type: 'search',
    autocomplete: 'off',
    placeholder: 'Find what is said, seen or written',
    'aria-label': 'Find moments in this video',
    'aria-keyshortcuts': '/',
    maxlength: '500',
    oninput: typed,
    onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === 'Enter' && search(),
  });
  const said = h('p', { class: 'hint', role: 'status' });
  const list = h('ol', { class: 'moments' });
  const element = h('search', { class: 'finder' }, field, said);

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MS);
  }

  async function search() {
    clearTimeout(timer);
    const words = field.value.trim();
    const mine = ++asked;
    searching(words !== '');
    if (words === '') return show('', []);
    mark(list, 'aria-busy', 'true');
    try {
      /** @type {Found} */
      const found = await call('GET', `videos/${videoId}/search?limit=${MOST}&q=${encodeURIComponent(words)}`);
      if (mine === asked) show(summaryOf(found), found.moments);
    } catch (error) {
      const why = /** @type {Error} */ (error);
      if (mine === asked) show(why instanceof Problem ? (why.errors[0]?.detail ?? why.message) : why.message, []);
    }
  }

  /** @param {string} text @param {readonly Moment[]} found */
  function show(text, found) {
    mark(list, 'aria-busy', undefined);
    write(said, text);
    fill(list, ...found.map((moment) => momentItem(moment, seek)));
    list.scrollTop = 0;
  }

  return {
    element,
    list,
    focus: () => field.focus(),
    /** @param {string} id */
    of: (id) => {
      videoId = id;
    },
  };
}

/** @param {Found} found */
function summaryOf({ mode, moments: { length } }) {
  if (length === 0) return 'Nothing like that is in this video.';
  const count = length === MOST ? `The best ${MOST} moments` : `${length} ${length === 1 ? 'moment' : 'moments'}`;
  return `${count}, ${mode === 'semantic' ? 'by meaning and words' : 'by words alone'}`;
}

/** @param {Moment} moment @param {(seconds: number) => void} seek */
const momentItem = ({ time, kind, text, score, frame }, seek) =>
  h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'moment', onclick: () => seek(time) },
      h('span', { class: 'thumb' }, frame && h('img', { src: frame.url, alt: '', loading: 'lazy' })),
      h(
        'span',
        { class: 'what' },
        h(
          'span',
          { class: 'meta' },
          h('span', { class: 'at' }, minute(time)),
          h('span', { class: 'kind', 'data-kind': kind }, KINDS[kind]),
          h('span', { title: 'How well it fits' }, percent(score * 100)),
        ),
        h('span', { class: 'text', dir: 'auto' }, text),
      ),
    ),
  );
