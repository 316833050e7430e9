import { Problem, ROOT } from '../api.js';
import { lacking } from '../circumstances.js';
import { copyButton } from '../copy.js';
import { curl } from '../curl.js';
import { h, mark, write } from '../dom.js';
import { key } from '../key.js';
import { sendsIt } from '../sends-it.js';
import { tellDream } from '../tell-dream.js';
import { choice, field } from './field.js';

const MOST = 20_000;
const STYLES = ['watercolour, soft light', 'deep blue, soft light', 'ink on paper', 'warm film grain', 'stained glass'];

/** The form a dream is told in. @param {{ told(jobId: string): void }} on */
export function tellForm({ told }) {
  const count = h('span', { class: 'hint count' });
  const text = field({
    name: 'transcript',
    label: 'What did you dream?',
    control: h('textarea', {
      rows: '7',
      dir: 'auto',
      placeholder: 'I walked down a staircase into the sea…',
      oninput: counted,
    }),
    hint: count,
  });
  const title = field({
    name: 'title',
    label: 'Title (optional)',
    control: h('input', { dir: 'auto', autocomplete: 'off' }),
  });
  const style = field({
    name: 'style',
    label: 'Style (optional)',
    control: h('input', { dir: 'auto', autocomplete: 'off', list: 'styles', placeholder: STYLES[0] }),
  });
  const fields = { transcript: text, title, style };
  const aspect = choice({
    name: 'aspect',
    label: 'Shape',
    chosen: '16:9',
    options: ['16:9', '9:16', '1:1'].map((value) => ({ value, shown: [h('i', { 'data-shape': value }), value] })),
  });
  const priority = choice({
    name: 'priority',
    label: 'Priority',
    chosen: 'normal',
    options: ['high', 'normal', 'low'].map((value) => ({ value, shown: [value] })),
  });
  const trouble = h('p', { class: 'field-error', role: 'alert' });
  const send = h('button', { class: 'primary', 'aria-keyshortcuts': 'Control+Enter Meta+Enter' }, 'Make the video');

  const dream = () => ({
    transcript: text.control.value.trim(),
    ...(title.control.value.trim() && { title: title.control.value.trim() }),
    ...(style.control.value.trim() && { style: style.control.value.trim() }),
    aspect: aspect.get(),
    priority: priority.get(),
  });
  const asCurl = () =>
    curl({ method: 'POST', url: new URL('dreams', ROOT).href, body: dream(), withKey: key.get() !== null });
  const element = h(
    'form',
    { class: 'tell stack', novalidate: true, 'aria-labelledby': 'tell-title', onsubmit: submitted, onkeydown: sendsIt },
    h('h2', { id: 'tell-title' }, 'Tell a dream'),
    text.element,
    title.element,
    style.element,
    h('datalist', { id: 'styles' }, ...STYLES.map((value) => h('option', { value }))),
    h('div', { class: 'choices' }, aspect.element, priority.element),
    trouble,
    h('div', { class: 'row' }, send, copyButton('Copy as curl', asCurl)),
  );

  function counted() {
    const length = text.control.value.trim().length;
    write(
      count,
      length === 0 ? 'Ctrl Enter sends it' : `${length.toLocaleString()} of ${MOST.toLocaleString()} characters`,
    );
    mark(count, 'data-bad', length > MOST);
  }

  /** @param {{ pointer: string, detail: string }[]} errors */
  function refuse(errors) {
    for (const [name, { refuse }] of Object.entries(fields)) {
      refuse(errors.find(({ pointer }) => fieldOf(pointer) === name)?.detail);
    }
    const elsewhere = errors.filter(({ pointer }) => !(fieldOf(pointer) in fields));
    write(trouble, elsewhere.map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}`).join('\n'));
    /** @type {HTMLElement | null} */ (element.querySelector('[aria-invalid]'))?.focus();
  }

  /** @param {Event} event */
  async function submitted(event) {
    event.preventDefault();
    if (send.disabled) return;
    refuse(
      dream().transcript ? [] : [{ pointer: '/transcript', detail: 'Tell the dream first, in a sentence at least.' }],
    );
    if (!dream().transcript) return;
    send.disabled = true;
    write(send, 'Sending…');
    try {
      const jobId = await tellDream(dream());
      element.reset();
      counted();
      told(jobId);
    } catch (error) {
      if (error instanceof Problem && error.errors.length > 0) refuse(error.errors);
      else write(trouble, /** @type {Error} */ (error).message);
    } finally {
      write(send, 'Make the video');
      allowed();
    }
  }

  const allowed = () => {
    send.disabled = lacking.get().includes('submit');
    send.title = send.disabled ? 'This key lacks the scope submit.' : '';
  };
  lacking.subscribe(allowed);
  counted();
  return { element, focus: () => text.control.focus() };
}

/** `/title` is the title's. @param {string} pointer */
const fieldOf = (pointer) => pointer.split('/')[1] ?? '';
