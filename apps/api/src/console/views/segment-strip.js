import { fill, h, mark, write } from '../dom.js';
import { cellsFor, countStates, nextOf } from '../segment-states.js';

/** @typedef {import('../types.d.ts').SegmentNow} SegmentNow */

/**
 * All segments, a cell each, in the colour of its state; the arrows go from one to the next. Two thousand are two thousand
 * small elements and one stop for the tab key.
 * @param {{ look(index: number): void, pick(index: number): void }} on `look`: one is pointed at or walked to; -1 for none
 */
export function segmentStrip({ look, pick }) {
  const cells = h('ol', {
    class: 'cells',
    role: 'listbox',
    tabindex: '0',
    'aria-label': 'Segments',
    onkeydown: walk,
    onfocus: () => point(at === -1 ? 0 : at),
    onpointerover: (/** @type {Event} */ { target }) => look(indexOf(target)),
    onpointerleave: () => look(-1),
    onclick: (/** @type {Event} */ { target }) => choose(indexOf(target)),
  });
  const legend = h('div', { class: 'legend' });
  const element = h('section', { class: 'segments', 'aria-label': 'Segments' }, legend, cells);
  /** @type {readonly SegmentNow[]} */
  let segments = [];
  let at = -1;
  let counted = '';

  const cellAt = (/** @type {number} */ index) => /** @type {HTMLElement | undefined} */ (cells.children[index]);
  const indexOf = (/** @type {EventTarget | null} */ target) =>
    target instanceof Element && target !== cells ? [...cells.children].indexOf(/** @type {Element} */ (target)) : -1;

  /** @param {number} index */
  function point(index) {
    const before = cellAt(at);
    if (before) mark(before, 'aria-selected', 'false');
    at = index;
    const now = cellAt(at);
    mark(cells, 'aria-activedescendant', now?.id);
    if (!now) return;
    mark(now, 'aria-selected', 'true');
    now.scrollIntoView({ block: 'nearest' });
    look(at);
  }

  /** @param {number} index */
  function choose(index) {
    if (index === -1) return;
    point(index);
    pick(index);
  }

  /** Up and down go by rows, as wide as they are just now. */
  function perRow() {
    const [first, ...others] = /** @type {HTMLElement[]} */ ([...cells.children]);
    const next = others.findIndex(({ offsetTop }) => offsetTop > (first?.offsetTop ?? 0));
    return next === -1 ? segments.length : next + 1;
  }

  /** @param {KeyboardEvent} event */
  function walk(event) {
    const last = segments.length - 1;
    const to = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at + perRow(),
      ArrowUp: at - perRow(),
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === 'Enter' || event.key === ' ') choose(at);
    else if (to === undefined) return;
    else point(Math.min(Math.max(to, 0), last));
    event.preventDefault();
  }

  /** @param {number} index */
  function goTo(index) {
    if (!cellAt(index)) return;
    at = index; // where the focus lands
    cells.focus({ preventScroll: true });
    point(index);
  }

  return {
    element,
    goTo,
    /** @param {readonly SegmentNow[]} next */
    show(next) {
      segments = next;
      element.hidden = segments.length === 0;
      if (cells.children.length !== segments.length) {
        fill(cells, ...segments.map(({ segment_index: index }) => h('li', { role: 'option', id: `segment-${index}` })));
        mark(cells, 'data-size', cellsFor(segments.length));
        at = -1;
      }
      segments.forEach(({ state, segment_index: index }, place) => {
        const cell = /** @type {HTMLElement} */ (cellAt(place));
        if (cell.dataset.state === state) return;
        cell.dataset.state = state;
        mark(cell, 'aria-label', `Segment ${index}, ${state}`);
      });
      tally();
    },
    /** Which one is playing. @param {number} index */
    play(index) {
      for (const cell of cells.querySelectorAll('[data-playing]')) cell.removeAttribute('data-playing');
      cellAt(index)?.setAttribute('data-playing', '');
    },
  };

  function tally() {
    const counts = countStates(segments);
    const said = JSON.stringify(counts);
    if (said === counted) return;
    counted = said;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.state : undefined;
    fill(legend, ...counts.map(({ state, count }) => entry(state, count)));
    /** @type {HTMLElement | null} */ (
      focused ? legend.querySelector(`button[data-state="${focused}"]`) : null
    )?.focus();
  }

  /** @param {SegmentNow['state']} state @param {number} count */
  function entry(state, count) {
    const number = h('b');
    write(number, count.toLocaleString());
    return h(
      'button',
      {
        type: 'button',
        class: 'quiet small',
        'data-state': state,
        title: `Next ${state} one`,
        onclick: () => goTo(nextOf(segments, state, at)),
      },
      h('i', { 'aria-hidden': 'true' }),
      number,
      ` ${state}`,
    );
  }
}
