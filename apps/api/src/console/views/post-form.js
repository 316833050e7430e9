import { call, Problem, ROOT } from '../api.js';
import { lacking } from '../circumstances.js';
import { copyButton } from '../copy.js';
import { curl } from '../curl.js';
import { h, write } from '../dom.js';
import { key } from '../key.js';
import { sendsIt } from '../sends-it.js';
import { language, said, text, yesOrNo } from './wish.js';

/** The form for a post whose video is in the input bucket already. @param {{ posted(postId: string): void }} on */
export function postForm({ posted }) {
  const fields = {
    hls_s3_key: text('hls_s3_key', 'Key in the input bucket', {
      placeholder: 'posts/42/master.m3u8',
      spellcheck: 'false',
      dir: 'ltr',
    }),
    title: text('post_title', 'Title (optional)', { maxlength: '500' }),
    source_lang: language('source_lang', 'Spoken', 'as usual'),
    target_lang: language('target_lang', 'Translate into', 'as usual'),
    enable_dubbing: yesOrNo('enable_dubbing', 'Dub it as well'),
  };
  const { hls_s3_key, title, source_lang, target_lang, enable_dubbing } = fields;
  const asked = () => said(fields);
  const trouble = h('p', { class: 'field-error', role: 'alert' });
  const send = h('button', { class: 'primary', 'aria-keyshortcuts': 'Control+Enter Meta+Enter' }, 'Make subtitles');
  const asCurl = () =>
    curl({ method: 'POST', url: new URL('posts', ROOT).href, body: asked(), withKey: key.get() !== null });
  const element = h(
    'form',
    {
      class: 'tell stack',
      novalidate: true,
      'aria-labelledby': 'post-form-title',
      onsubmit: submitted,
      onkeydown: sendsIt,
    },
    h('h2', { id: 'post-form-title' }, 'Subtitles by a pod'),
    h(
      'p',
      { class: 'hint' },
      'A GPU pod fetches the video from the bucket, and makes subtitles and a playlist with them.',
    ),
    hls_s3_key.element,
    title.element,
    h('div', { class: 'pairs' }, source_lang.element, target_lang.element, enable_dubbing.element),
    trouble,
    h('div', { class: 'row' }, send, copyButton('Copy as curl', asCurl)),
  );

  /** @param {{ pointer: string, detail: string }[]} errors */
  function refuse(errors) {
    const named = errors.map(({ pointer, detail }) => ({ name: pointer.split('/')[1] ?? '', detail }));
    for (const [name, field] of Object.entries(fields)) field.refuse(named.find((it) => it.name === name)?.detail);
    const elsewhere = named.filter(({ name }) => !(name in fields));
    write(trouble, elsewhere.map(({ name, detail }) => `${name}: ${detail}`).join('\n'));
    /** @type {HTMLElement | null} */ (element.querySelector('[aria-invalid]'))?.focus();
  }

  /** @param {Event} event */
  async function submitted(event) {
    event.preventDefault();
    if (send.disabled) return;
    const post = asked();
    // The API takes a post without a video, for programs that name it later; whoever fills in a form means it now.
    refuse(
      post.hls_s3_key ? [] : [{ pointer: '/hls_s3_key', detail: 'Name the video, such as posts/42/master.m3u8.' }],
    );
    if (!post.hls_s3_key) return;
    send.disabled = true;
    write(send, 'Sending…');
    try {
      const { id } = await call('POST', 'posts', post);
      element.reset();
      posted(id);
    } catch (error) {
      if (error instanceof Problem && error.errors.length > 0) refuse(error.errors);
      else write(trouble, /** @type {Error} */ (error).message);
    } finally {
      write(send, 'Make subtitles');
      allowed();
    }
  }

  const allowed = () => {
    send.disabled = lacking.get().includes('submit');
    send.title = send.disabled ? 'This key lacks the scope submit.' : '';
  };
  lacking.subscribe(allowed);
  return { element, focus: () => hls_s3_key.control.focus() };
}
