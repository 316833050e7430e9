import { h, keyed, write } from '../dom.js';
import { size } from '../format.js';

/** @typedef {import('../types.d.ts').ArtifactOfJob} ArtifactOfJob */

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
  const element = h(
    'section',
    { 'aria-labelledby': 'files-title' },
    h('h2', { id: 'files-title' }, 'Files'),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-labelledby': 'files-title' }, table),
  );
  const show = keyed(body, { keyOf: (/** @type {ArtifactOfJob} */ { key }) => key, make: fileRow });
  return {
    element,
    /** @param {import('../types.d.ts').Job} job */
    show({ artifacts }) {
      element.hidden = artifacts.length === 0;
      show([...artifacts].sort((a, b) => Number(isWork(a)) - Number(isWork(b)) || a.key.localeCompare(b.key)));
    },
  };
}

/** @param {ArtifactOfJob} file */
const isWork = ({ key }) => key.includes('/work/');

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
  if (!work) return /** @type {string} */ (key.split('/').slice(2).join('/') || key);
  return work[1] === '0' ? /** @type {string} */ (work[2]) : `${work[2]} (part ${Number(work[1]) + 1})`;
}
