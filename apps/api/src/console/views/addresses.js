import { copyButton } from '../copy.js';
import { h, keyed, mark, write } from '../dom.js';

/** @typedef {{ label: string, address: string | null, open?: string | null | undefined }} Address `open`: the same, signed, where it is not open to all */

/** Addresses to take along, each with a way to copy and to open it. @param {string} label */
export function addresses(label) {
  const lines = h('div', { class: 'lines-of' });
  const element = h('section', { class: 'addresses', 'aria-label': label }, h('h3', {}, label), lines);
  const show = keyed(lines, { keyOf: (/** @type {Address} */ { label }) => label, make: addressLine });
  return {
    element,
    /** @param {Address[]} all */
    show(all) {
      const present = all.filter(({ address }) => address);
      element.hidden = present.length === 0;
      show(present);
    },
  };
}

/** @param {Address} first */
function addressLine({ label }) {
  const code = h('code', { class: 'address', dir: 'ltr' });
  const open = h('a', { class: 'quiet small', target: '_blank', rel: 'noopener' }, 'Open');
  const element = h(
    'div',
    { class: 'line' },
    h('span', { class: 'hint' }, label),
    code,
    h(
      'div',
      { class: 'row' },
      copyButton('Copy', () => code.textContent, `Copy: ${label}`),
      open,
    ),
  );
  return {
    element,
    /** @param {Address} address */
    show({ address, open: link }) {
      write(code, address ?? '');
      mark(open, 'href', link ?? address ?? undefined);
      mark(open, 'aria-label', `Open: ${label}`);
    },
  };
}
