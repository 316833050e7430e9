import { call } from '../api.js';
import { fill, h, mark, write } from '../dom.js';
import { percent, size } from '../format.js';
import { sendPart } from '../send-part.js';
import { upload } from '../upload.js';
import { memoryOf } from '../upload-memory.js';
import { field } from './field.js';
import { bar } from './status.js';

/** @typedef {{ file: File, stop: AbortController, source: Promise<string> }} Sending */

/** Where the video is: an address, or a file of this machine that begins to travel as soon as it is chosen. */
export function source() {
  /** @type {Sending | undefined} */
  let sending;
  const hint = h('p', { class: 'hint' }, 'Of a file, of a page such as YouTube’s, or s3://bucket/key');
  const address = field({
    name: 'source',
    label: 'Video',
    hint,
    control: h('input', {
      type: 'text',
      inputmode: 'url',
      autocomplete: 'off',
      spellcheck: 'false',
      placeholder: 'Paste an address',
    }),
  });
  const chooser = h('input', { type: 'file', id: 'file', class: 'aside', accept: 'video/*,audio/*', onchange: chosen });
  const drop = h(
    'label',
    { class: 'drop', for: 'file', ondragover: over, ondragleave: left, ondrop: dropped },
    chooser,
    h('strong', {}, 'Choose a file'),
    ' or drop it here',
  );
  const name = h('strong', { class: 'file-name', dir: 'auto' });
  const progress = bar('upload');
  const said = h('p', { class: 'hint number' });
  const heard = h('p', { class: 'aside', role: 'status' });
  const cancel = h('button', { type: 'button', class: 'quiet small', onclick: forget }, 'Cancel');
  const again = h('button', { type: 'button', class: 'small', onclick: () => sending && begin(sending.file) }, 'Go on');
  const chosenFile = h(
    'div',
    { class: 'sending', hidden: true },
    h('div', { class: 'row wide' }, name, h('div', { class: 'row' }, again, cancel)),
    progress.element,
    said,
  );
  const element = h('div', { class: 'source stack' }, address.element, drop, chosenFile, heard);

  function chosen() {
    const [file] = chooser.files ?? [];
    if (file) begin(file);
  }
  /** @param {DragEvent} event */
  function over(event) {
    event.preventDefault();
    mark(drop, 'data-over', true);
  }
  function left() {
    mark(drop, 'data-over', false);
  }
  /** @param {DragEvent} event */
  function dropped(event) {
    event.preventDefault();
    left();
    const [file] = event.dataTransfer?.files ?? [];
    if (file) begin(file);
  }

  /** @param {File} file */
  function begin(file) {
    const stop = new AbortController();
    const began = performance.now();
    /** @type {number | undefined} */
    let first;
    const told = (/** @type {number} */ bytes) => {
      if (stop.signal.aborted) return;
      first ??= bytes;
      show(file, bytes, (bytes - first) / ((performance.now() - began) / 1000));
    };
    const ways = { call, send: sendPart, told, signal: stop.signal, memory: memoryOf(file) };
    const now = { file, stop, source: upload(file, ways) };
    sending = now;
    address.refuse();
    write(name, file.name);
    again.hidden = true;
    show(file, 0, 0);
    write(heard, `Uploading ${file.name}`);
    now.source.then(
      () => sending === now && arrived(file),
      (error) => sending === now && failed(error),
    );
  }

  /** @param {File} file @param {number} bytes @param {number} perSecond */
  function show(file, bytes, perSecond) {
    const done = (100 * bytes) / Math.max(file.size, 1);
    address.element.hidden = true;
    drop.hidden = true;
    chosenFile.hidden = false;
    progress.element.hidden = false;
    progress.show(done, percent(done));
    const speed = perSecond > 0 ? ` · ${size(perSecond)}/s` : '';
    write(said, `${percent(done)} · ${size(bytes)} of ${size(file.size)}${speed}`);
    mark(said, 'data-bad', false);
    write(cancel, 'Cancel');
  }

  /** @param {File} file */
  function arrived(file) {
    progress.element.hidden = true;
    write(said, `${size(file.size)}, uploaded`);
    write(cancel, 'Take another');
    write(heard, `${file.name} is uploaded`);
  }

  /** @param {Error} error */
  function failed(error) {
    again.hidden = false;
    mark(said, 'data-bad', true);
    write(said, `${error.message} What has arrived is kept; it goes on from there.`);
    write(heard, 'The upload has stopped.');
  }

  /** What has been sent so far is of no use to anybody. */
  async function forget() {
    const memory = sending && memoryOf(sending.file);
    const id = memory?.get();
    sending?.stop.abort();
    clear();
    address.control.focus();
    memory?.forget();
    if (id) await call('DELETE', `uploads/${id}`).catch(() => undefined); // it goes by itself after a day
  }

  function clear() {
    sending = undefined;
    chooser.value = '';
    chosenFile.hidden = true;
    address.element.hidden = false;
    drop.hidden = false;
    fill(heard);
    address.control.value = '';
  }

  return {
    element,
    clear,
    refuse: address.refuse,
    /** What to call it where nobody has said. */
    name: () => sending?.file.name,
    /** The address as typed, or that of the file once it is there. */
    get: async () => (sending ? sending.source : address.control.value.trim()),
    /** The same at once, for a line of curl. */
    typed: () => address.control.value.trim() || 'upload:…',
    focus: () => (sending ? cancel : address.control).focus(),
  };
}
