import { h } from '../dom.js';
import { field } from './field.js';

/** @typedef {ReturnType<typeof field<HTMLInputElement | HTMLSelectElement>>} Wish */

const LANGUAGES = /** @type {const} */ ([
  ...['en', 'es', 'zh', 'hi', 'ar', 'pt', 'fr', 'de', 'ja', 'ru', 'ko', 'it', 'tr', 'nl', 'pl', 'uk', 'sv'],
]);
const called = new Intl.DisplayNames(undefined, { type: 'language' });

/** Words that may be said. @param {string} name @param {string} label @param {Record<string, unknown>} [props] */
export const text = (name, label, props = {}) =>
  field({ name, label, control: h('input', { autocomplete: 'off', dir: 'auto', ...props }) });

/** A language that may be said. @param {string} name @param {string} label @param {string} placeholder */
export const language = (name, label, placeholder) => text(name, label, { placeholder, list: 'languages' });

/** What is not said is as the operator has set it. @param {string} name @param {string} label */
export const yesOrNo = (name, label) =>
  field({
    name,
    label,
    control: h(
      'select',
      {},
      h('option', { value: '' }, 'as usual'),
      h('option', { value: 'yes' }, 'yes'),
      h('option', { value: 'no' }, 'no'),
    ),
  });

/** @param {Wish} wish */
function wished({ control }) {
  const value = control.value.trim();
  if (value === '') return undefined;
  if (control instanceof HTMLSelectElement) return value === 'yes';
  return control.type === 'number' ? Number(value) : value;
}

/** What was said, by the names of the fields. @param {Record<string, Wish>} fields */
export const said = (fields) =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, wish]) => {
      const value = wished(wish);
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** What languages are called, for whoever begins to type one. */
export const languages = () =>
  h('datalist', { id: 'languages' }, ...LANGUAGES.map((code) => h('option', { value: code }, called.of(code) ?? code)));
