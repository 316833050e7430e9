import { h } from '../dom.js';
import { player } from './player.js';
import { story } from './story.js';

/** The film, and what was told. */
export function dreamBody() {
  const film = player();
  const told = story({ seek: film.seek });
  return {
    element: h('div', { class: 'watch' }, film.element, told.element),
    /** @param {import('../types.d.ts').Job} job @param {import('../types.d.ts').About} about */
    show(job, { dream }) {
      film.show(job);
      told.show(job, dream);
    },
    toggle: film.toggle,
    stop: film.stop,
    find: undefined,
  };
}
