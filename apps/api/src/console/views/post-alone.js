import { h } from '../dom.js';
import { age } from '../format.js';
import { keyName } from '../names.js';
import { languageName, pairs } from './facts.js';

/** The head of a post that no job works for: it waits, or was refused, or its job has been cleaned up. @param {import('../types.d.ts').Post} post */
export function postAlone(post) {
  const { id, title, hls_s3_key, hls_input_key, waits_for, subtitle_error, has_subtitles } = post;
  const name = title ?? keyName(hls_s3_key ?? hls_input_key) ?? `post ${id.slice(0, 8)}`;
  return h(
    'header',
    { class: 'job-head' },
    h('a', { class: 'back', href: '#/' }, 'All dreams and jobs'),
    h('h1', { dir: 'auto' }, name),
    h('p', { class: 'hint' }, `post · ${age(post.created_at)}`),
    !has_subtitles && waits_for && h('p', { class: 'waits' }, h('strong', {}, 'No job yet: '), waits_for),
    subtitle_error && h('p', { class: 'field-error' }, subtitle_error),
    has_subtitles && h('p', { class: 'hint' }, 'The job that made its subtitles has been removed.'),
    h(
      'dl',
      { class: 'facts' },
      ...pairs({
        video: hls_s3_key ?? hls_input_key,
        spoken: languageName(post.source_lang),
        'translate into': languageName(post.target_lang),
        dubbing: post.enable_dubbing === true && 'yes',
        'whose post': post.user_id,
      }),
    ),
  );
}
