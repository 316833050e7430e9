import { keyWanted } from '../circumstances.js';
import { h, write } from '../dom.js';
import { key } from '../key.js';

/** Asks for the API key whenever one is wanted. */
export function keyDialog() {
  const why = h('p', { id: 'key-why', class: 'key-why', role: 'alert' });
  const input = h('input', {
    id: 'key',
    type: 'password',
    autocomplete: 'off',
    spellcheck: 'false',
    placeholder: 'rv_live_…',
    required: true,
    'aria-describedby': 'key-why key-hint',
  });
  const form = h(
    'form',
    {
      class: 'stack',
      onsubmit(/** @type {Event} */ event) {
        event.preventDefault();
        if (input.value.trim()) key.use(input.value.trim());
      },
    },
    h('h2', { id: 'key-title' }, 'Your API key'),
    why,
    h('label', { for: 'key' }, 'API key'),
    input,
    h(
      'p',
      { id: 'key-hint', class: 'hint' },
      'It stays in this tab and is forgotten when the tab is closed. Make one with:',
    ),
    h('pre', {}, h('code', {}, 'npm run keys -- create --scopes submit,read')),
    h('p', { class: 'hint' }, 'read lets you watch, submit lets you tell dreams, cancel and retry.'),
    h('button', { class: 'primary' }, 'Open the console'),
  );
  // A browser lets Escape close any dialog in the end; while a key is wanted, it comes back.
  const dialog = h('dialog', { 'aria-labelledby': 'key-title', onclose: () => open() }, form);
  keyWanted.subscribe((reason) => {
    write(why, reason ?? '');
    if (reason === undefined) dialog.close();
    else if (!dialog.open && dialog.isConnected) open();
    else if (!dialog.open) queueMicrotask(open);
  });
  function open() {
    if (keyWanted.get() === undefined || dialog.open) return;
    input.value = '';
    dialog.showModal();
    input.focus();
  }
  return dialog;
}
