import { h } from '../dom.js';

/** Names and values as the children of a `dl`; what nobody knows is left out. @param {Record<string, unknown>} facts */
export const pairs = (facts) =>
  Object.entries(facts).flatMap(([name, value]) =>
    value
      ? [h('div', {}, h('dt', {}, name), h('dd', { dir: 'auto' }, value instanceof Node ? value : String(value)))]
      : [],
  );

/** @param {string} href @param {string} label @param {string} [detail] */
export const fileLink = (href, label, detail) =>
  h(
    'a',
    { class: 'quiet small', href, target: '_blank', rel: 'noopener', download: true },
    label,
    detail && h('span', { class: 'hint' }, ` ${detail}`),
  );

/** What was left out, and why. @param {{ stage: string, reason: string }[]} skipped */
export const leftOut = (skipped) =>
  skipped.map(({ stage, reason }) => h('li', {}, h('strong', {}, stage), ` was left out: ${reason}`));

/** @param {number} dollars */
export const price = (dollars) => `$${dollars.toFixed(dollars > 0 && dollars < 0.1 ? 4 : 2)}`;

const languages = new Intl.DisplayNames(undefined, { type: 'language' });

/** Servers name languages as they like: `en`, `english`. @param {string | null | undefined} language */
export function languageName(language) {
  if (!language || language === 'unknown') return undefined;
  return /^[a-z]{2,3}(-\w+)*$/i.test(language) ? languages.of(language) : language;
}
