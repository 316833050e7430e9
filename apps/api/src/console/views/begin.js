import { h } from '../dom.js';
import { choice } from './field.js';
import { tellForm } from './tell.js';
import { videoForm } from './video-form.js';

/** @typedef {'dream' | 'captions' | 'analysis'} Kind */

/** Where every job begins: a dream that is told, or a video that is there. @param {{ begun(jobId: string): void }} on */
export function begin({ begun }) {
  const dream = tellForm({ told: begun });
  const video = videoForm({ begun });
  const kind = choice({
    name: 'kind',
    label: 'What shall be made?',
    chosen: 'dream',
    options: [
      { value: 'dream', shown: ['Dream film'] },
      { value: 'captions', shown: ['Captions'] },
      { value: 'analysis', shown: ['Analysis'] },
    ],
    onchange: show,
  });

  function show() {
    const chosen = /** @type {Kind} */ (kind.get());
    dream.element.hidden = chosen !== 'dream';
    video.element.hidden = chosen === 'dream';
    if (chosen !== 'dream') video.show(chosen);
  }

  show();
  return {
    element: h('div', { class: 'begin stack' }, kind.element, dream.element, video.element),
    /** @param {Kind} wanted */
    focus(wanted) {
      const isVideo = kind.get() !== 'dream';
      // Who wants a video and has chosen what of it has chosen.
      if (wanted === 'dream' || !isVideo) kind.set(wanted);
      show();
      (wanted === 'dream' ? dream : video).focus();
    },
  };
}
