import { fill, h, mark, write } from '../dom.js';
import { minute } from '../format.js';
import { spanAt } from '../span-at.js';

/** @typedef {import('../types.d.ts').Video} Video */
/** @typedef {Video['frames'][number]} Frame */

/** The scenes as a band over time, their frames as pictures under it, and what is to be seen in the one that is looked at. @param {{ seek(seconds: number): void }} on */
export function filmstrip({ seek }) {
  const playhead = h('b');
  const cuts = h('div', { class: 'cuts' });
  const band = h('div', { class: 'band', 'aria-hidden': 'true', onclick: jump }, cuts, playhead);
  const list = h('ol', { class: 'frames', onkeydown: step });
  const caption = h('p', { class: 'seen', dir: 'auto' });
  const element = h('section', { class: 'filmstrip', 'aria-label': 'Scenes' }, band, list, caption);
  /** @type {Video | undefined} */
  let video;
  /** @type {ReturnType<typeof still>[]} */
  let stills = [];
  let shown = '';
  let now = -1;
  let looked = -1;

  const length = () => video?.duration ?? video?.scenes.at(-1)?.end ?? 1;

  /** @param {MouseEvent} event */
  function jump({ clientX }) {
    const { left, width } = band.getBoundingClientRect();
    seek(((clientX - left) / width) * length());
  }

  /** One stop for the tab key, arrows within. @param {KeyboardEvent} event */
  function step(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -stills.length, End: stills.length }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const at = stills.findIndex(({ button }) => button === document.activeElement);
    stills[Math.min(Math.max(at + by, 0), stills.length - 1)]?.button.focus();
  }

  /** @param {number} at */
  function look(at) {
    looked = at;
    say();
  }

  function say() {
    const frame = video?.frames[looked === -1 ? now : looked];
    write(caption, frame ? wordsOf(frame) : '');
    stills.forEach(({ button }, at) => {
      mark(button, 'aria-current', at === now && 'true');
      mark(button, 'tabindex', at === Math.max(now, 0) ? '0' : '-1');
    });
  }

  /** @param {readonly Frame[]} frames */
  function fresh(frames) {
    for (const [at, { url }] of frames.entries()) stills[at]?.fresh(url);
  }

  return {
    element,
    /** @param {Video | undefined} next */
    show(next) {
      video = next;
      element.hidden = !next || next.scenes.length === 0;
      if (!next) return;
      const all = JSON.stringify([next.scenes, next.frames.map(({ url, ...rest }) => rest)]);
      if (all === shown) return fresh(next.frames);
      shown = all;
      fill(cuts, ...next.scenes.map((scene) => cut(scene, length())));
      stills = next.frames.map((frame, at) => still(frame, { seek, look: (on) => look(on ? at : -1) }));
      fill(list, ...stills.map(({ element }) => element));
      now = next.frames.length > 0 ? 0 : -1;
      say();
    },
    /** @param {number} seconds */
    at(seconds) {
      playhead.style.insetInlineStart = `${(100 * seconds) / length()}%`;
      const scene = video?.scenes[spanAt(video.scenes, seconds)]?.scene_id;
      const at = video?.frames.findIndex(({ scene_id }) => scene_id === scene) ?? -1;
      if (at === now) return;
      now = at;
      say();
      if (at === -1) return; // its frame looked like an earlier one
      const { element: item } = /** @type {ReturnType<typeof still>} */ (stills[at]);
      if (!list.matches(':hover, :focus-within'))
        list.scrollTo({ left: item.offsetLeft - list.clientWidth / 2 + item.offsetWidth / 2, behavior: 'smooth' });
    },
  };
}

/** @param {{ start: number, end: number }} scene @param {number} length */
function cut({ start, end }, length) {
  const element = h('i', { title: `${minute(start)} to ${minute(end)}` });
  element.style.insetInlineStart = `${(100 * start) / length}%`;
  element.style.inlineSize = `${(100 * (end - start)) / length}%`;
  return element;
}

/** @param {Frame} frame @param {{ seek(seconds: number): void, look(on: boolean): void }} on */
function still(frame, { seek, look }) {
  const picture = h('img', { src: frame.url, alt: '', loading: 'lazy', decoding: 'async' });
  const button = h(
    'button',
    {
      type: 'button',
      'aria-label': `${minute(frame.time)} ${wordsOf(frame)}`,
      onclick: () => seek(frame.time),
      onmouseenter: () => look(true),
      onmouseleave: () => look(false),
      onfocus: () => look(true),
      onblur: () => look(false),
    },
    picture,
    h('span', { class: 'at' }, minute(frame.time)),
  );
  return {
    element: h('li', {}, button),
    button,
    /** A picture that is there already stays; one that has not come is asked for by a link that works. @param {string} url */
    fresh: (url) => {
      if (!picture.complete || picture.naturalWidth === 0) mark(picture, 'src', url);
    },
  };
}

/** @param {Frame} frame */
function wordsOf({ caption }) {
  if (!caption) return '';
  const written = caption.text.trim();
  return `${caption.caption}${written ? ` “${written}”` : ''}`;
}
