import { ROOT } from './api.js';

/** All that happens to a job, by the names the API gives it. */
const EVENTS = [
  ...['task.started', 'task.completed', 'task.failed', 'task.lost', 'progress', 'ended'],
  ...['job.queued', 'job.processing', 'job.changed', 'job.completed', 'job.failed', 'job.cancelled', 'job.retried'],
];

/**
 * Hears that something has happened, and says no more than its name: what is shown is always read, so a line that breaks, or a
 * proxy that holds it back, costs a moment and never the truth.
 * @param {(what: string) => void} happened
 */
export function hearing(happened) {
  /** @type {EventSource | undefined} */
  let source;
  let path = '';

  function close() {
    source?.close();
    source = undefined;
    path = '';
  }

  return {
    close,
    /** @param {string | undefined} link where the stream is; undefined: nothing more will happen */
    to(link) {
      if (!link || typeof EventSource === 'undefined') return close();
      const { pathname, search } = new URL(link);
      // Links are signed anew in every answer; the line that is open stays.
      if (source && source.readyState !== EventSource.CLOSED && pathname === path) return;
      close();
      path = pathname;
      // As this page reached the API, which may not be how the API calls itself.
      source = new EventSource(new URL(`.${pathname.slice(pathname.lastIndexOf('/jobs/'))}${search}`, ROOT));
      for (const name of EVENTS) source.addEventListener(name, () => happened(name));
    },
    get isOpen() {
      return source?.readyState === 1;
    },
  };
}
