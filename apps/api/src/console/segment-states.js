/** @typedef {import('./types.d.ts').SegmentNow} SegmentNow */

/** In the order in which people want to read them: what is bad first, what is still to come last. */
export const STATES = /** @type {const} */ (['failed', 'running', 'completed', 'waiting', 'awaited', 'cancelled']);

/** How many there are of each state; states without any are left out. @param {readonly Pick<SegmentNow, 'state'>[]} segments */
export function countStates(segments) {
  const groups = Map.groupBy(segments, ({ state }) => state);
  return STATES.flatMap((state) => {
    const count = groups.get(state)?.length ?? 0;
    return count > 0 ? [{ state, count }] : [];
  });
}

/** Numbers in order, those that follow one another taken together. @param {readonly number[]} numbers */
export function ranges(numbers) {
  /** @type {{ from: number, to: number }[]} */
  const all = [];
  for (const number of numbers) {
    const last = all.at(-1);
    if (last && number === last.to + 1) last.to = number;
    else all.push({ from: number, to: number });
  }
  return all;
}

/** Where each begins in the whole, in seconds; undefined from the first on whose length nobody knows yet. @param {readonly Pick<SegmentNow, 'seconds'>[]} segments */
export function startsOf(segments) {
  /** @type {number | undefined} */
  let at = 0;
  return segments.map(({ seconds }) => {
    const start = at;
    at = at === undefined || seconds === null ? undefined : at + seconds;
    return start;
  });
}

/** The next one in a state, after a place and then from the beginning; -1: there is none. @param {readonly Pick<SegmentNow, 'state'>[]} segments @param {SegmentNow['state']} state @param {number} after */
export function nextOf(segments, state, after) {
  const later = segments.findIndex((segment, at) => at > after && segment.state === state);
  return later === -1 ? segments.findIndex((segment) => segment.state === state) : later;
}

/** So many are still to be told apart one by one, and look like something where there are few. @param {number} count @returns {'large' | 'medium' | 'small'} */
export const cellsFor = (count) => (count <= 48 ? 'large' : count <= 400 ? 'medium' : 'small');
