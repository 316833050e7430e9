import { call, Problem, ROOT } from '../api.js';
import { lacking } from '../circumstances.js';
import { copyButton } from '../copy.js';
import { curl } from '../curl.js';
import { h, write } from '../dom.js';
import { key } from '../key.js';
import { sendsIt } from '../sends-it.js';
import { choice } from './field.js';
import { source } from './source.js';
import { analysisWishes, captionWishes, segmentWishes } from './wishes.js';

const SAYS = {
  captions: { title: 'Caption a video', send: 'Make captions', path: 'pipeline' },
  analysis: { title: 'Analyse a video', send: 'Analyse the video', path: 'videos' },
  segments: { title: 'Cut a video into segments', send: 'Cut it and run the model', path: 'jobs' },
};

/** The form for a video that is there already: what is said in it, or everything, or a stereo film segment by segment. @param {{ begun(jobId: string): void }} on */
export function videoForm({ begun }) {
  /** @type {keyof typeof SAYS} */
  let kind = 'captions';
  const from = source();
  const wishes = { captions: captionWishes(), analysis: analysisWishes(), segments: segmentWishes() };
  const priority = choice({
    name: 'video-priority',
    label: 'Priority',
    chosen: 'normal',
    options: ['high', 'normal', 'low'].map((value) => ({ value, shown: [value] })),
  });
  const title = h('h2', { id: 'video-title' });
  const trouble = h('p', { class: 'field-error', role: 'alert' });
  const send = h('button', { class: 'primary', 'aria-keyshortcuts': 'Control+Enter Meta+Enter' });
  const body = (/** @type {string} */ source) => ({ ...asked(source), priority: priority.get() });
  const asked = (/** @type {string} */ source) => {
    const filename = from.name();
    if (kind !== 'segments') return { source_url: source, ...wishes[kind].get(filename) };
    return {
      pipeline: kind,
      input: { sourceUrl: source, ...wishes[kind].get() },
      ...(filename && { metadata: { filename } }),
    };
  };
  const asCurl = () =>
    curl({
      method: 'POST',
      url: new URL(SAYS[kind].path, ROOT).href,
      body: body(from.typed()),
      withKey: key.get() !== null,
    });
  const element = h(
    'form',
    {
      class: 'tell stack',
      novalidate: true,
      'aria-labelledby': 'video-title',
      onsubmit: submitted,
      onkeydown: sendsIt,
    },
    title,
    from.element,
    wishes.captions.element,
    wishes.analysis.element,
    wishes.segments.element,
    priority.element,
    trouble,
    h('div', { class: 'row' }, send, copyButton('Copy as curl', asCurl)),
  );

  /** @param {{ pointer: string, detail: string }[]} errors @param {string} [message] */
  function refuse(errors, message = '') {
    const named = errors.map(({ pointer, detail }) => ({ name: fieldOf(pointer), detail }));
    const fields = { ...wishes[kind].fields, source_url: from };
    for (const [name, { refuse }] of Object.entries(fields)) {
      const own = named.filter((it) => it.name === name);
      refuse(own.map(({ detail }) => detail).join('\n'));
    }
    const elsewhere = named.filter(({ name }) => !(name in fields)).map(({ name, detail }) => `${name}: ${detail}`);
    write(trouble, [message, ...elsewhere].filter(Boolean).join('\n'));
    const refused = /** @type {HTMLElement[]} */ ([...element.querySelectorAll('[aria-invalid]')]);
    for (const control of refused) control.closest('details')?.setAttribute('open', '');
    refused[0]?.focus();
  }

  /** @param {Problem} problem */
  function notConfigured({ errors }) {
    refuse(
      errors.map(({ pointer, detail }) => ({ pointer, detail: `Not set up here. To have it: ${detail}.` })),
      NOT_CONFIGURED,
    );
  }

  /** @param {Event} event */
  async function submitted(event) {
    event.preventDefault();
    if (send.disabled) return;
    refuse([]);
    send.disabled = true;
    write(send, from.name() ? 'Begins once the file is there…' : 'Sending…');
    try {
      const source = await from.get();
      if (!source) return refuse([{ pointer: '/source_url', detail: 'Paste an address, or choose a file.' }]);
      const { job_id } = await call('POST', SAYS[kind].path, body(source));
      element.reset();
      from.clear();
      begun(job_id);
    } catch (error) {
      if (error instanceof Problem && error.code === 'not_configured') notConfigured(error);
      else if (!(error instanceof Problem)) write(trouble, /** @type {Error} */ (error).message);
      else refuse(error.errors, error.errors.length > 0 ? '' : error.message);
    } finally {
      show(kind);
    }
  }

  /** @param {keyof typeof SAYS} wanted */
  function show(wanted) {
    kind = wanted;
    write(title, SAYS[kind].title);
    write(send, SAYS[kind].send);
    for (const [name, { element }] of Object.entries(wishes)) element.hidden = name !== kind;
    send.disabled = lacking.get().includes('submit');
    send.title = send.disabled ? 'This key lacks the scope submit.' : '';
  }

  lacking.subscribe(() => show(kind));
  return { element, show, focus: from.focus };
}

/** Whoever sits here may not be who can change it. */
const NOT_CONFIGURED = 'This installation cannot do that yet; whoever runs it can change that, as is said above.';

/** `/input/sourceUrl`, `/youtube_url` and `/source_url` are the same field. @param {string} pointer */
function fieldOf(pointer) {
  const name = pointer.replace(/^\/(input\/)?/, '').split('/')[0] ?? '';
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return snake === 'youtube_url' ? 'source_url' : snake;
}
