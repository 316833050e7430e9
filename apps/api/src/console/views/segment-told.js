import { fill, h } from '../dom.js';
import { minute } from '../format.js';

/** @typedef {import('../types.d.ts').SegmentNow} SegmentNow */

/** What there is to know about one segment, in a line, and its failure if it has one. */
export function segmentTold() {
  const element = h('div', { class: 'segment-told' });
  /** @type {string | undefined} */
  let shown;
  return {
    element,
    /** @param {SegmentNow | undefined} segment @param {number | undefined} start where it begins in the whole */
    show(segment, start) {
      const all = segment ? JSON.stringify({ ...segment, url: null, start }) : '';
      if (all === shown) return;
      shown = all;
      fill(element, ...(segment ? wordsOf(segment, start) : [h('p', { class: 'hint' }, HINT)]));
    },
  };
}

const HINT = 'Point at a segment, or go through them with the arrow keys. A click or Enter plays one.';

/** @param {SegmentNow} segment @param {number | undefined} start */
function wordsOf({ segment_index: index, state, attempts, seconds, model, error }, start) {
  const facts = [
    seconds !== null && `${Number(seconds.toFixed(2))} s`,
    start !== undefined && seconds !== null && `from ${minute(start)}`,
    attempts > 0 && `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
    model,
    state === 'awaited' && 'somebody is to upload it',
  ];
  return [
    h(
      'p',
      { class: 'meta' },
      h('strong', {}, `Segment ${index}`),
      h('span', { class: 'chip', 'data-status': state }, state),
      ...facts.filter((fact) => fact !== false && fact !== null).map((fact) => h('span', {}, fact)),
    ),
    error && h('p', { class: 'field-error', dir: 'auto' }, h('code', {}, error.code), ` ${error.message}`),
  ];
}
