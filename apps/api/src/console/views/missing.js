import { lacking } from '../circumstances.js';
import { fill, h, mark, write } from '../dom.js';
import { ranges } from '../segment-states.js';

/** More than anybody reads; the strip shows them all. */
const MOST = 30;

/** The segments a failed job lacks, each with the way to it, and what can be done about them. @param {{ goTo(index: number): void, run(): void }} on */
export function missingBox({ goTo, run }) {
  const title = h('p', {});
  const list = h('div', { class: 'row' });
  const button = h('button', { type: 'button', class: 'primary', onclick: run }, 'Run what is missing');
  const element = h('div', { class: 'missing', hidden: true }, h('div', { class: 'gaps' }, title, list), button);
  let shown = '';
  return {
    element,
    /** @param {import('../types.d.ts').Segments | undefined} segments of a job that has failed */
    show(segments) {
      element.hidden = !segments || segments.missing.length === 0;
      mark(button, 'disabled', lacking.get().includes('submit'));
      const all = JSON.stringify(segments?.missing);
      if (!segments || all === shown) return;
      shown = all;
      const { length } = segments.missing;
      const count = `${length.toLocaleString()} of ${segments.segments.length.toLocaleString()} segments`;
      write(title, `${count} ${length === 1 ? 'is' : 'are'} missing. The others are done, and stay.`);
      const gaps = ranges(segments.missing);
      const links = gaps
        .slice(0, MOST)
        .map(({ from, to }) =>
          h(
            'button',
            { type: 'button', class: 'quiet small number', 'aria-label': `Segment ${from}`, onclick: () => goTo(from) },
            from === to ? `${from}` : `${from}–${to}`,
          ),
        );
      fill(list, ...links, gaps.length > MOST && h('span', { class: 'hint' }, `and ${gaps.length - MOST} more`));
    },
  };
}
