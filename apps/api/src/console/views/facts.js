import { fill, h, keyed, mark, write } from '../dom.js';

/** @typedef {string | number | boolean | null | undefined | { href: string, text: string }} Fact */

/** Names and values as the children of a `dl`; what nobody knows is left out. @param {Record<string, Fact>} facts */
export const pairs = (facts) =>
  Object.entries(facts).flatMap(([name, value]) =>
    value ? [h('div', {}, h('dt', {}, name), h('dd', { dir: 'auto' }, shownAs(value)))] : [],
  );

/** @param {NonNullable<Fact>} value */
const shownAs = (value) => (typeof value === 'object' ? h('a', { href: value.href }, value.text) : String(value));

/** What is known of something, drawn anew only when it has changed. */
export function factList() {
  const element = h('dl', { class: 'facts' });
  let shown = '';
  return {
    element,
    /** @param {Record<string, Fact>} facts */
    show(facts) {
      const all = JSON.stringify(facts);
      if (all === shown) return;
      shown = all;
      fill(element, ...pairs(facts));
    },
  };
}

/** @typedef {{ label: string, url: string | null, detail?: string | undefined }} FileOf */

/** Files to take along. Their links are signed anew in every answer; who has one in focus keeps it. */
export function fileLinks() {
  const element = h('div', { class: 'row files' });
  const show = keyed(element, { keyOf: (/** @type {FileOf} */ { label }) => label, make: fileLink });
  return {
    element,
    /** @param {FileOf[]} files */
    show: (files) => show(files.filter(({ url }) => url)),
  };
}

function fileLink() {
  const name = h('span');
  const detail = h('span', { class: 'hint' });
  const element = h(
    'a',
    { class: 'quiet small', target: '_blank', rel: 'noopener', download: true },
    name,
    ' ',
    detail,
  );
  return {
    element,
    /** @param {FileOf} file */
    show(file) {
      mark(element, 'href', file.url ?? undefined);
      write(name, file.label);
      write(detail, file.detail ?? '');
    },
  };
}

/** What was left out, and why. */
export function leftOut() {
  const element = h('ul', { class: 'left-out' });
  const show = keyed(element, {
    keyOf: (/** @type {{ stage: string, reason: string }} */ { stage, reason }) => `${stage}: ${reason}`,
    make: ({ stage, reason }) => ({
      element: h('li', {}, h('strong', {}, stage), ` was left out: ${reason}`),
      show() {},
    }),
  });
  return { element, show };
}

/** @param {number} dollars */
export const price = (dollars) => `$${dollars.toFixed(dollars > 0 && dollars < 0.1 ? 4 : 2)}`;

const languages = new Intl.DisplayNames(undefined, { type: 'language' });

/** Servers name languages as they like: `en`, `english`. @param {unknown} language */
export function languageName(language) {
  if (typeof language !== 'string' || ['', 'und', 'unknown'].includes(language)) return undefined;
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(language) ? languages.of(language) : language;
}
