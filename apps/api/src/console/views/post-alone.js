import { h } from '../dom.js';
import { keyName } from '../names.js';

/** The head of a post that no job works for: it waits, or was refused, or its job has been cleaned up. @param {import('../types.d.ts').Post} post */
export function postAlone({ id, title, hls_s3_key, hls_input_key, waits_for, subtitle_error, has_subtitles }) {
  const name = title ?? keyName(hls_s3_key ?? hls_input_key) ?? `post ${id.slice(0, 8)}`;
  return h(
    'header',
    { class: 'job-head' },
    h('a', { class: 'back', href: '#/' }, 'All dreams and jobs'),
    h('h1', { dir: 'auto' }, name),
    !has_subtitles &&
      waits_for &&
      h('p', { class: 'waits' }, h('strong', {}, 'Nothing is done for it yet: '), waits_for),
    subtitle_error && h('p', { class: 'field-error' }, subtitle_error),
    has_subtitles && h('p', { class: 'hint' }, 'The job that made its subtitles has been removed.'),
  );
}
