/** @typedef {{ start: number, end: number }} Stretch */

/** A silence longer than this share of the work is drawn short, so that a retry the next day does not flatten everything. */
const LONG = 0.4;
const SHORT = 0.08;

/**
 * Where a moment is on the timeline, 0 to 1, and which silences were cut.
 * @param {readonly Stretch[]} busy @param {Stretch} whole
 */
export function scaleOf(busy, whole) {
  const worked = joined(busy).filter(({ end, start }) => end >= start);
  const workedMs = Math.max(
    worked.reduce((sum, { start, end }) => sum + end - start, 0),
    1_000,
  );
  /** @type {(Stretch & { at: number, ms: number })[]} */
  const pieces = [];
  let at = 0;
  const add = (/** @type {number} */ start, /** @type {number} */ end, /** @type {boolean} */ silent) => {
    if (end <= start) return;
    const ms = silent && end - start > workedMs * LONG ? workedMs * SHORT : end - start;
    pieces.push({ start, end, at, ms });
    at += ms;
  };
  let now = whole.start;
  for (const { start, end } of worked) {
    add(now, start, true);
    add(Math.max(start, now), end, false);
    now = Math.max(now, end);
  }
  add(now, whole.end, true);
  const total = Math.max(at, 1);
  return {
    /** @param {number} time */
    at(time) {
      const piece = pieces.find(({ end }) => time <= end) ?? pieces.at(-1);
      if (!piece) return 0;
      const share = Math.min(Math.max((time - piece.start) / (piece.end - piece.start), 0), 1);
      return (piece.at + share * piece.ms) / total;
    },
    cuts: pieces.filter(({ start, end, ms }) => ms < end - start).map(({ start, end }) => ({ start, end })),
  };
}

/** Overlapping stretches become one. @param {readonly Stretch[]} stretches */
function joined(stretches) {
  /** @type {Stretch[]} */
  const result = [];
  for (const { start, end } of [...stretches].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}

/** Puts stretches that overlap into lanes of their own. @template {Stretch} T @param {readonly T[]} stretches @returns {(T & { lane: number })[]} */
export function lanes(stretches) {
  /** @type {number[]} */
  const ends = [];
  return [...stretches]
    .sort((a, b) => a.start - b.start)
    .map((stretch) => {
      const free = ends.findIndex((end) => end <= stretch.start);
      const lane = free === -1 ? ends.length : free;
      ends[lane] = stretch.end;
      return { ...stretch, lane };
    });
}
