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

/** Says that a job has ended, if it had not before. @param {string} before @param {string} status @param {string} title */
export function sayEnd(before, status, title) {
  if (before !== status && status !== 'cancelled') notice(`${title}: ${status}`, status === 'failed' ? 'bad' : 'calm');
}
