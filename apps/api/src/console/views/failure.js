import { copyButton } from '../copy.js';
import { fill, h } from '../dom.js';

/** Why a job failed: what a person needs to see, and to paste into a terminal. */
export function failureBox() {
  const element = h('section', { class: 'failure', 'aria-label': 'Why it failed', hidden: true });
  let shown = '';
  return {
    element,
    /** @param {import('../types.d.ts').Job} job */
    show({ error }) {
      element.hidden = !error;
      const all = JSON.stringify(error);
      if (!error || all === shown) return;
      shown = all;
      fill(
        element,
        h('h2', {}, `${error.stage} failed: `, h('code', {}, error.code)),
        h('p', { class: 'message', dir: 'auto' }, error.message),
        error.command && listing('Command', error.command),
        error.log && listing('End of its log', error.log),
      );
    },
  };
}

/** Something long and exact, with a button that copies it. @param {string} label @param {string} text */
export const listing = (label, text) =>
  h(
    'div',
    { class: 'listing' },
    h(
      'div',
      { class: 'row wide' },
      h('h3', {}, label),
      copyButton('Copy', () => text, `Copy: ${label}`),
    ),
    h('pre', { tabindex: '0', role: 'region', 'aria-label': label }, h('code', {}, text)),
  );
