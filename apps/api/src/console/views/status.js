import { h, mark, write } from '../dom.js';

const WORDS = /** @type {Record<string, string>} */ ({ told: 'no video yet', posted: 'no job yet' });

/** A job's status as a chip: a dot for the eye, the word for everybody. */
export function statusChip() {
  const element = h('span', { class: 'chip' });
  return {
    element,
    /** @param {string} status */
    show(status) {
      write(element, WORDS[status] ?? status);
      mark(element, 'data-status', status);
    },
  };
}

/** How far something is. @param {string} label */
export function bar(label) {
  const fill = h('i');
  const element = h(
    'div',
    { class: 'bar', role: 'progressbar', 'aria-label': label, 'aria-valuemin': '0', 'aria-valuemax': '100' },
    fill,
  );
  return {
    element,
    /** @param {number} percent @param {string} [text] */
    show(percent, text) {
      fill.style.inlineSize = `${percent}%`;
      mark(element, 'aria-valuenow', String(Math.round(percent)));
      mark(element, 'aria-valuetext', text);
    },
  };
}
