import { h, write } from '../dom.js';
import { lines } from './lines.js';

/** A transcript that can be looked through. @param {{ seek(seconds: number): void }} on */
export function transcript({ seek }) {
  const list = lines({ seek });
  const count = h('span', { class: 'hint', role: 'status' });
  const field = h('input', {
    type: 'search',
    autocomplete: 'off',
    placeholder: 'Find in the transcript',
    'aria-label': 'Find in the transcript',
    'aria-keyshortcuts': '/',
    oninput: find,
    onkeydown(/** @type {KeyboardEvent} */ event) {
      const { first } = event.key === 'Enter' ? find() : {};
      if (first !== undefined) seek(first);
    },
  });
  const nothing = h('p', { class: 'hint', hidden: true }, 'Nobody says anything.');
  const element = h(
    'section',
    { class: 'transcript', 'aria-label': 'Transcript' },
    h('div', { class: 'finder' }, field, count),
    list.element,
    nothing,
  );

  function find() {
    const words = field.value.trim();
    const found = list.find(words);
    write(count, words === '' ? '' : `${found.count} ${found.count === 1 ? 'line' : 'lines'}`);
    return words === '' ? { ...found, first: undefined } : found;
  }

  return {
    element,
    at: list.at,
    focus: () => field.focus(),
    /** @param {readonly import('./lines.js').Segment[]} segments */
    show(segments) {
      list.show(segments);
      nothing.hidden = segments.length > 0;
      list.element.hidden = segments.length === 0;
    },
  };
}
