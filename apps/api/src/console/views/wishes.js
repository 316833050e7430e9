import { h } from '../dom.js';
import { field } from './field.js';

/** @typedef {ReturnType<typeof field<HTMLInputElement | HTMLSelectElement>>} Wish */

const LANGUAGES = /** @type {const} */ ([
  ...['en', 'es', 'zh', 'hi', 'ar', 'pt', 'fr', 'de', 'ja', 'ru', 'ko', 'it', 'tr', 'nl', 'pl', 'uk', 'sv'],
]);
const called = new Intl.DisplayNames(undefined, { type: 'language' });

/** @param {string} name @param {string} label @param {Record<string, unknown>} [props] */
const text = (name, label, props = {}) =>
  field({ name, label, control: h('input', { autocomplete: 'off', dir: 'auto', ...props }) });

/** @param {string} name @param {string} label @param {string} placeholder */
const language = (name, label, placeholder) => text(name, label, { placeholder, list: 'languages' });

/** What is not said is as the operator has set it. @param {string} name @param {string} label */
const yesOrNo = (name, label) =>
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

/** @param {Record<string, Wish>} fields */
const said = (fields) =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, wish]) => {
      const value = wished(wish);
      return value === undefined ? [] : [[name, value]];
    }),
  );

const languages = () =>
  h('datalist', { id: 'languages' }, ...LANGUAGES.map((code) => h('option', { value: code }, called.of(code) ?? code)));

/** @param {string} label @param {Wish[]} wishes */
const more = (label, wishes) =>
  h('details', { class: 'more' }, h('summary', {}, label), h('div', { class: 'pairs' }, ...wishes.map(elementOf)));

const elementOf = (/** @type {Wish} */ { element }) => element;

/** What may be said of captions. */
export function captionWishes() {
  const spoken = { language: language('language', 'Spoken', 'finds out') };
  const into = { language_out: language('language_out', 'Translate into', 'do not') };
  const sound = {
    remove_noise: yesOrNo('remove_noise', 'Remove noise'),
    apply_highpass_filter: yesOrNo('apply_highpass_filter', 'Cut below 80 Hz'),
    isolate_vocals: yesOrNo('isolate_vocals', 'Isolate voices'),
    convert_to_mono: yesOrNo('convert_to_mono', 'Mono'),
    set_sample_rate_16k: yesOrNo('set_sample_rate_16k', '16 kHz'),
    no_cache: yesOrNo('no_cache', 'Do it all again'),
  };
  const fields = { ...spoken, ...into, ...sound };
  return {
    element: h(
      'div',
      { class: 'stack' },
      h('div', { class: 'pairs' }, spoken.language.element, into.language_out.element),
      languages(),
      more('Sound and cache', Object.values(sound)),
    ),
    fields,
    /** @param {string | undefined} filename */
    get: (filename) => ({ ...said(fields), ...(filename && { metadata: { filename } }) }),
  };
}

/** What may be said of an analysis. */
export function analysisWishes() {
  const title = text('analysis_title', 'Title (optional)', { maxlength: '200' });
  const most = text('max_frames', 'Most frames', {
    type: 'number',
    min: '1',
    max: '500',
    placeholder: '50',
  });
  const spoken = language('analysis_language', 'Spoken', 'finds out');
  const stages = {
    transcription: yesOrNo('transcription', 'Transcribe'),
    vision_analysis: yesOrNo('vision_analysis', 'Look at frames'),
    embeddings: yesOrNo('embeddings', 'Search by meaning'),
  };
  const fields = { title, max_frames: most, language: spoken, ...stages };
  return {
    element: h(
      'div',
      { class: 'stack' },
      title.element,
      h('div', { class: 'pairs' }, most.element, spoken.element),
      more('Steps', Object.values(stages)),
    ),
    fields,
    /** @param {string | undefined} filename */
    get: (filename) => ({ ...(filename && { title: filename.slice(0, 200) }), ...said(fields) }),
  };
}
