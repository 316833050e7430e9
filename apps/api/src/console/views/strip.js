import { ROOT } from '../api.js';
import { reachable } from '../circumstances.js';
import { fill, h } from '../dom.js';
import { health } from '../health.js';
import { key } from '../key.js';

/** A slot is a dot up to here; more are a number. */
const DOTS = 12;

/** The line at the top: how Reverie is doing, and the way to everything else. @param {HTMLElement} place @param {{ help(): void }} on */
export function strip(place, { help }) {
  const state = h('div', { class: 'state' });
  const link = (/** @type {string} */ path, /** @type {string} */ label) =>
    h('a', { href: new URL(path, ROOT).href, target: '_blank', rel: 'noopener' }, label);
  const forget = h('button', { type: 'button', class: 'quiet small', onclick: key.forget }, 'Forget key');
  fill(
    place,
    h(
      'a',
      { class: 'brand', href: '#/' },
      h('img', { src: 'console/icon.svg', alt: '', width: '28', height: '28' }),
      'Reverie',
    ),
    state,
    h(
      'nav',
      { 'aria-label': 'More of Reverie' },
      link('docs', 'API docs'),
      link('admin/queues', 'Dashboard'),
      link('metrics', 'Metrics'),
      h('button', { type: 'button', class: 'quiet small', onclick: help, 'aria-label': 'Keys and help' }, '?'),
      forget,
    ),
  );
  const show = () => {
    const now = health.get();
    forget.hidden = key.get() === null;
    if (!reachable.get()) fill(state, h('span', { class: 'dep', 'data-bad': true }, 'offline'));
    else if (now)
      fill(state, ...fleetsOf(now), ...dependenciesOf(now), h('span', { class: 'version' }, `v${now.version}`));
  };
  health.subscribe(show);
  reachable.subscribe(show);
}

/** @param {import('../types.d.ts').Health} health */
const fleetsOf = ({ fleets }) => {
  const all = Object.entries(fleets);
  if (all.length === 0) return [h('span', { class: 'fleet', 'data-bad': true }, 'no workers')];
  return all.map(([name, { workers, slots, busy }]) => {
    const said = `fleet ${name}: ${workers} ${workers === 1 ? 'worker' : 'workers'}, ${busy} of ${slots} slots busy`;
    const dots = Array.from({ length: slots }, (_, at) => h('i', { 'data-busy': at < busy }));
    return h(
      'span',
      { class: 'fleet', title: said },
      h(
        'span',
        { 'aria-hidden': 'true' },
        name,
        slots > DOTS ? ` ${busy}/${slots}` : h('span', { class: 'slots' }, dots),
      ),
      h('span', { class: 'aside' }, said),
    );
  });
};

/** @param {import('../types.d.ts').Health} health */
const dependenciesOf = ({ checks }) =>
  Object.entries(checks).map(([name, { status, ms, error }]) => {
    const bad = status === 'unhealthy';
    return h(
      'span',
      { class: 'dep', 'data-bad': bad, title: error ?? `answers in ${ms} ms` },
      name,
      h('span', { class: 'aside' }, ` ${status}`),
    );
  });
