import { makeVideo } from '../actions.js';
import { h } from '../dom.js';
import { titleOf } from '../names.js';

/** A dream nobody has asked a video for. @param {import('../types.d.ts').Dream} dream @param {{ again(): void }} on */
export function untold(dream, { again }) {
  const title = titleOf({ job_id: dream.id, pipeline: 'dream' }, dream);
  return h(
    'div',
    { class: 'stack' },
    h('a', { class: 'back', href: '#/' }, 'All dreams and jobs'),
    h('h1', { dir: 'auto' }, title),
    h('p', { class: 'hint' }, 'This dream has no video yet, or was changed since.'),
    h('p', { class: 'told', dir: 'auto' }, dream.transcript),
    h(
      'div',
      {},
      h(
        'button',
        { type: 'button', class: 'primary', onclick: () => makeVideo(dream.id, title).then(again) },
        'Make the video',
      ),
    ),
  );
}
