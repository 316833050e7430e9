import { fill, h, write } from '../dom.js';
import { minute } from '../format.js';
import { pairs, price } from './facts.js';

/** @typedef {import('../types.d.ts').Dream} Dream */

/** What was told, and once there is a film, where in it each scene is. @param {{ seek(seconds: number): void }} on */
export function story({ seek }) {
  const told = h('p', { class: 'told', dir: 'auto', tabindex: '0', 'aria-label': 'What was told' });
  const facts = h('dl', { class: 'facts' });
  const scenes = h('ol', { class: 'scenes' });
  const element = h('section', { class: 'story' }, told, scenes, facts);
  let shown = '';

  return {
    element,
    /** @param {import('../types.d.ts').Job} job @param {Dream} [dream] */
    show(job, dream) {
      const { transcript, style, aspect, ...rest } = job.input;
      const made = job.status === 'completed' ? dream?.video_metadata : undefined;
      const list = made?.scene_list ?? [];
      const text = typeof transcript === 'string' ? transcript : JSON.stringify(rest, null, 2);
      told.hidden = list.length > 0;
      write(told, text);
      const all = JSON.stringify([style, aspect, made]);
      if (all === shown) return;
      shown = all;
      fill(scenes, ...list.map((scene) => sceneItem(scene, seek)));
      fill(facts, ...pairs({ style: String(style ?? ''), shape: String(aspect ?? ''), ...factsOf(made) }));
    },
  };
}

/** @param {{ text: string, start: number, end: number }} scene @param {(seconds: number) => void} seek */
const sceneItem = ({ text, start }, seek) =>
  h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'scene', onclick: () => seek(start) },
      h('span', { class: 'at' }, minute(start)),
      h('span', { dir: 'auto' }, text),
    ),
  );

/** @param {Dream['video_metadata'] | undefined} made */
const factsOf = (made) =>
  made && {
    length: minute(made.duration),
    scenes: String(made.scenes),
    cost: price(made.cost),
    'made by': [...new Set(Object.values(made.providers ?? {}))].join(', '),
  };
