import { h } from '../dom.js';
import { choice, field } from './field.js';
import { language, languages, said, text, yesOrNo } from './wish.js';

/** @typedef {import('./wish.js').Wish} Wish */

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

/** What may be said of segments. */
export function segmentWishes() {
  const mode = choice({
    name: 'mode',
    label: 'What the model makes of it',
    chosen: 'sbs',
    options: [
      { value: 'sbs', shown: [h('i', { 'data-eyes': 'sbs' }), 'side by side'] },
      { value: 'anaglyph', shown: [h('i', { 'data-eyes': 'anaglyph' }), 'red-cyan'] },
    ],
  });
  const seconds = field({
    name: 'segment_seconds',
    label: 'Seconds of a segment',
    hint: h('p', { class: 'hint' }, 'Cuts are at the keyframes nearest to it'),
    control: h('input', { type: 'number', min: '0.5', max: '3600', step: 'any', placeholder: '10' }),
  });
  const fields = { segment_seconds: seconds };
  return {
    element: h('div', { class: 'stack' }, mode.element, seconds.element),
    fields,
    get: () => {
      const { segment_seconds: segmentSeconds } = said(fields);
      return { mode: mode.get(), ...(segmentSeconds !== undefined && { segmentSeconds }) };
    },
  };
}
