import { fill, h, mark } from '../dom.js';
import { minute } from '../format.js';
import { matches } from '../matches.js';
import { spanAt } from '../span-at.js';

/** @typedef {{ text: string, start: number, end: number }} Segment */

/** Who reads elsewhere is left alone for so long before the list follows the sound again. */
const READING_MS = 6_000;

/** What is said, a line a segment; a click plays from there, and the line that is heard is lit. @param {{ seek(seconds: number): void }} on */
export function lines({ seek }) {
  const element = h('ol', { class: 'scenes lines', onwheel: reads, ontouchmove: reads, onkeydown: reads });
  /** @type {readonly Segment[]} */
  let segments = [];
  /** @type {ReturnType<typeof line>[]} */
  let all = [];
  let shown = '';
  let words = '';
  let lit = -1;
  let readingUntil = 0;

  function reads() {
    readingUntil = Date.now() + READING_MS;
  }

  function follow(/** @type {HTMLElement} */ item) {
    if (Date.now() < readingUntil || item.hidden) return;
    const { offsetTop, offsetHeight } = item;
    const isSeen =
      offsetTop >= element.scrollTop && offsetTop + offsetHeight <= element.scrollTop + element.clientHeight;
    // Only the list moves, never the page.
    if (!isSeen) element.scrollTop = offsetTop - element.clientHeight / 3;
  }

  return {
    element,
    /** @param {readonly Segment[]} next */
    show(next) {
      const text = JSON.stringify(next);
      if (text === shown) return;
      shown = text;
      segments = next;
      lit = -1;
      all = segments.map((segment) => line(segment, seek));
      fill(element, ...all.map(({ element }) => element));
      this.find(words);
    },
    /** @param {number} seconds */
    at(seconds) {
      const now = spanAt(segments, seconds);
      if (now === lit) return;
      all[lit]?.light(false);
      all[now]?.light(true);
      lit = now;
      if (all[now]) follow(all[now].element);
    },
    /** Leaves only the lines that say it. Returns how many, and where the first is. @param {string} wanted */
    find(wanted) {
      words = wanted;
      const found = all.filter((line) => line.find(words));
      return { count: found.length, first: found[0]?.start };
    },
  };
}

/** @param {Segment} segment @param {(seconds: number) => void} seek */
function line({ text, start }, seek) {
  const said = h('span', { dir: 'auto' }, text);
  const button = h(
    'button',
    { type: 'button', class: 'scene', onclick: () => seek(start) },
    h('span', { class: 'at' }, minute(start)),
    said,
  );
  const element = h('li', {}, button);
  let looked = '';
  return {
    element,
    start,
    /** @param {boolean} on */
    light: (on) => mark(button, 'aria-current', on && 'true'),
    /** @param {string} words */
    find(words) {
      const pieces = matches(text, words);
      const isFound = words === '' || pieces.some(({ isMatch }) => isMatch);
      if (words !== looked)
        fill(said, ...pieces.map((piece) => (piece.isMatch ? h('mark', {}, piece.text) : piece.text)));
      looked = words;
      element.hidden = !isFound;
      return isFound;
    },
  };
}
