import { h } from '../dom.js';
import { SHORTCUTS, shortcutsOn } from '../shortcuts.js';

/** What the keys do, and the switch that turns them off. */
export function helpDialog() {
  const on = h('input', {
    type: 'checkbox',
    id: 'keys-on',
    checked: shortcutsOn.get(),
    onchange: (/** @type {Event} */ event) =>
      shortcutsOn.set(/** @type {HTMLInputElement} */ (event.currentTarget).checked),
  });
  const rows = [...SHORTCUTS, ['Ctrl Enter', 'In a form: send it']];
  return h(
    'dialog',
    { 'aria-labelledby': 'help-title', class: 'help' },
    h('h2', { id: 'help-title' }, 'Keys'),
    h('dl', {}, ...rows.flatMap(([keys, what]) => [h('dt', {}, h('kbd', {}, keys)), h('dd', {}, what)])),
    h('label', { class: 'check' }, on, 'Single keys work'),
    h('form', { method: 'dialog' }, h('button', { class: 'primary' }, 'Close')),
  );
}
