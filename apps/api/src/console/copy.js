import { h } from './dom.js';
import { notice } from './notice.js';

/** @param {string} text */
async function copy(text) {
  // Only secure origins have a clipboard; a plain http address in the house has this.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = h('textarea', { class: 'aside' });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

/** @param {string} label @param {() => string} text @param {string} [what] for screen readers, where the label alone says too little */
export const copyButton = (label, text, what) =>
  h(
    'button',
    {
      type: 'button',
      class: 'quiet small',
      'aria-label': what,
      onclick: () =>
        copy(text()).then(
          () => notice('Copied.'),
          () => notice('The browser does not allow copying.', 'bad'),
        ),
    },
    label,
  );
