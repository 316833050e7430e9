import { STALE_MS } from './about.js';
import { call } from './api.js';
import { isUnfinished } from './names.js';

/** @typedef {import('./types.d.ts').Job} Job */
/** @typedef {import('./types.d.ts').Segments} Segments */

/** Thousands of segments are a megabyte: however quickly they are done, it is read no oftener than this. */
const EVERY_MS = 2_000;
/** That a segment was uploaded is no event of its job. */
const QUIET_MS = 10_000;

/** Reads what has become of a job's segments where the job says that something has. @param {(segments: Segments) => void} tell */
export function segmentsOf(tell) {
  /** @type {Job} */
  let job;
  let of = '';
  let readAt = 0;
  let stopped = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function read() {
    timer = undefined;
    if (stopped) return;
    const now = stateOf(job);
    readAt = Date.now();
    const segments = await call('GET', `jobs/${job.job_id}/segments`).catch(() => undefined);
    if (!segments || stopped) return;
    of = now;
    tell(segments);
  }

  return {
    /** @param {Job} next */
    look(next) {
      job = next;
      const since = Date.now() - readAt;
      if (timer !== undefined) return;
      if (stateOf(job) === of && since < (isUnfinished(job) ? QUIET_MS : STALE_MS)) return;
      timer = setTimeout(read, Math.max(0, EVERY_MS - since));
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** What moves when a segment does. @param {Job} job */
const stateOf = ({ status, run, stages }) =>
  JSON.stringify([
    ...[status, run],
    ...stages.map(({ state, parts, attempts }) => [
      ...[state, parts.total, parts.completed, attempts.length],
      attempts.filter(({ ended_at }) => ended_at !== null).length,
    ]),
  ]);
