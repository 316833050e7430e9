import { copyButton } from '../copy.js';
import { h, write } from '../dom.js';

/** Something as JSON, for those who want to see it: folded until then. @param {string} label */
export function folded(label) {
  const code = h('code');
  /** @type {unknown} */
  let value;
  // A job of thousands of parts is megabytes, which most people never unfold.
  const text = () => JSON.stringify(value, null, 2);
  const look = () => element.open && write(code, text());
  const element = h(
    'details',
    { class: 'raw', ontoggle: () => look() },
    h('summary', {}, label),
    copyButton('Copy', text, `Copy: ${label}`),
    h('pre', { tabindex: '0', role: 'region', 'aria-label': label }, code),
  );
  return {
    element,
    /** @param {unknown} next */
    show(next) {
      value = next;
      look();
    },
  };
}

/** The job as the API tells it. */
export const rawJson = () => folded('Raw JSON');
