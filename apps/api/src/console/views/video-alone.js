import { h } from '../dom.js';
import { sourceName } from '../names.js';

/** The head of a video whose job has been cleaned up: what was found in it stays. @param {import('../types.d.ts').Video} video */
export const videoAlone = ({ title, source_url }) =>
  h(
    'header',
    { class: 'job-head' },
    h('a', { class: 'back', href: '#/' }, 'All dreams and jobs'),
    h('h1', { dir: 'auto' }, title ?? sourceName(source_url)),
    h('p', { class: 'hint' }, 'The job that looked at this video has been removed.'),
  );
