import { fill, h } from './dom.js';

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Says something once, to eyes and to screen readers. @param {string} text @param {'calm' | 'bad'} [mood] */
export function notice(text, mood = 'calm') {
  const place = /** @type {HTMLElement} */ (document.getElementById('notice'));
  clearTimeout(timer);
  fill(place, h('p', { class: mood, dir: 'auto' }, text));
  timer = setTimeout(() => fill(place), mood === 'bad' ? 12_000 : 6_000);
}
