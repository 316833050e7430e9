import { h, keyed, write } from '../dom.js';
import { size } from '../format.js';

/** @typedef {import('../types.d.ts').ArtifactOfJob} ArtifactOfJob */

/** More than a screenful at a time is for those who ask: a video in 2,000 segments has 6,000 files. */
const MOST = 24;

/** The files a job has made, those for people first. */
export function artifactTable() {
  const body = h('tbody');
  const heads = ['File', 'Stage', 'Type', 'Size'];
  const table = h(
    'table',
    {},
    h('thead', {}, h('tr', {}, ...heads.map((name) => h('th', { scope: 'col' }, name)))),
    body,
  );
  const more = h('button', { type: 'button', class: 'quiet small', onclick: showAll });
  const element = h(
    'section',
    { 'aria-labelledby': 'files-title' },
    h('h2', { id: 'files-title' }, 'Files'),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'files-title' }, table),
    more,
  );
  const show = keyed(body, { keyOf: (/** @type {ArtifactOfJob} */ { key }) => key, make: fileRow });
  /** @type {readonly ArtifactOfJob[]} */
  let files = [];
  let all = false;

  function look() {
    show(all ? files : files.slice(0, MOST));
    more.hidden = all || files.length <= MOST;
    write(more, `Show all ${files.length.toLocaleString()}`);
  }
  function showAll() {
    all = true;
    look();
  }

  return {
    element,
    /** @param {import('../types.d.ts').Job} job */
    show({ artifacts }) {
      element.hidden = artifacts.length === 0;
      files = [...artifacts].sort((a, b) => rankOf(a) - rankOf(b) || byKey.compare(a.key, b.key));
      look();
    },
  };
}

/** @param {ArtifactOfJob} file */
const rankOf = ({ key }) => (key.includes('/work/') ? 2 : key.startsWith('segments/') ? 1 : 0);

/** 2 before 10 */
const byKey = new Intl.Collator(undefined, { numeric: true });

function fileRow() {
  const link = h('a', { target: '_blank', rel: 'noopener' });
  const [stage, type, bytes] = [h('td'), h('td'), h('td', { class: 'number' })];
  return {
    element: h('tr', {}, h('td', {}, link), stage, type, bytes),
    /** @param {ArtifactOfJob} file */
    show(file) {
      // The link is signed anew in every answer, so an open page never holds one that has expired.
      link.href = file.url;
      link.title = file.key;
      write(link, shortName(file.key));
      write(stage, file.stage);
      write(type, file.content_type);
      write(bytes, size(file.bytes));
    },
  };
}

/** `jobs/<id>/work/pictures/0/1/picture.mp4` is picture.mp4 of part 1. @param {string} key */
function shortName(key) {
  const work = /\/work\/[^/]+\/(\d+)\/\d+\/(.+)$/.exec(key);
  if (!work) return key.replace(/^(.*?[0-9a-f-]{36}|(jobs|segments)\/[^/]+)\//, '');
  return work[1] === '0' ? /** @type {string} */ (work[2]) : `${work[2]} (part ${Number(work[1]) + 1})`;
}
