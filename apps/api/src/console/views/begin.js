import { h } from '../dom.js';
import { choice } from './field.js';
import { postForm } from './post-form.js';
import { tellForm } from './tell.js';
import { videoForm } from './video-form.js';

/** @typedef {'dream' | 'captions' | 'analysis' | 'subtitles' | 'segments'} Kind */

/** Where every job begins: a dream that is told, or a video that is there. @param {{ begun(jobId: string): void, posted(postId: string): void }} on */
export function begin({ begun, posted }) {
  const dream = tellForm({ told: begun });
  const video = videoForm({ begun });
  const post = postForm({ posted });
  const formOf = (/** @type {Kind} */ chosen) => (chosen === 'dream' ? dream : chosen === 'subtitles' ? post : video);
  const kind = choice({
    name: 'kind',
    label: 'What shall be made?',
    chosen: 'dream',
    options: [
      { value: 'dream', shown: ['Dream film'] },
      { value: 'captions', shown: ['Captions'] },
      { value: 'analysis', shown: ['Analysis'] },
      { value: 'subtitles', shown: ['Subtitles by a pod'] },
      { value: 'segments', shown: ['Segments'] },
    ],
    onchange: show,
  });

  function show() {
    const chosen = /** @type {Kind} */ (kind.get());
    for (const form of [dream, video, post]) form.element.hidden = form !== formOf(chosen);
    if (chosen !== 'dream' && chosen !== 'subtitles') video.show(chosen);
  }

  show();
  return {
    element: h('div', { class: 'begin stack' }, kind.element, dream.element, video.element, post.element),
    /** @param {Kind} wanted */
    focus(wanted) {
      // Who wants a video and has chosen what of it has chosen.
      const isChosen = wanted === 'captions' && kind.get() === 'analysis';
      if (!isChosen) kind.set(wanted);
      show();
      formOf(wanted).focus();
    },
  };
}
