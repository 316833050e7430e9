import { ROOT } from '../api.js';
import { copyButton } from '../copy.js';
import { curl } from '../curl.js';
import { h, keyed, write } from '../dom.js';
import { key } from '../key.js';
import { isRetryable, isUnfinished } from '../names.js';

/** @typedef {{ what: string, line: string }} Line */

/** The same from a terminal: every action as a line of curl. */
export function terminal() {
  const lines = h('div', { class: 'lines' });
  const element = h('details', { class: 'terminal' }, h('summary', {}, 'From a terminal'), lines);
  const show = keyed(lines, { keyOf: (/** @type {Line} */ { what }) => what, make: lineOf });
  return {
    element,
    /** @param {import('../types.d.ts').Job} job */
    show(job) {
      const withKey = key.get() !== null;
      const at = (/** @type {string} */ path) => new URL(path, ROOT).href;
      const { job_id: id, subject, pipeline } = job;
      /** @type {(Line | false)[]} */
      const all = [
        { what: 'Look', line: curl({ method: 'GET', url: at(`jobs/${id}`), withKey }) },
        pipeline === 'dream' && {
          what: 'Video status',
          line: curl({ method: 'GET', url: at(`dreams/${subject}/video-status`), withKey }),
        },
        pipeline === 'analysis' && {
          what: 'What was found',
          line: curl({ method: 'GET', url: at(`videos/${subject}`), withKey }),
        },
        pipeline === 'analysis' && {
          what: 'Search',
          line: curl({ method: 'GET', url: at(`videos/${subject}/search?q=words`), withKey }),
        },
        pipeline === 'subtitles' && {
          what: 'The post',
          line: curl({ method: 'GET', url: at(`posts/${subject}`), withKey }),
        },
        pipeline === 'segments' && {
          what: 'Its segments',
          line: curl({ method: 'GET', url: at(`jobs/${id}/segments`), withKey }),
        },
        isUnfinished(job) && { what: 'Cancel', line: curl({ method: 'POST', url: at(`jobs/${id}/cancel`), withKey }) },
        isRetryable(job) && {
          what: 'Retry',
          line: curl({ method: 'POST', url: at(`jobs/${id}/retry`), withKey, body: {} }),
        },
        isRetryable(job) && {
          what: 'Retry from a stage',
          line: curl({
            method: 'POST',
            url: at(`jobs/${id}/retry`),
            withKey,
            body: { from: job.error?.stage ?? job.stages[0]?.name },
          }),
        },
      ];
      show(all.filter((line) => line !== false));
    },
  };
}

/** @param {Line} first */
function lineOf({ what, line }) {
  const code = h('code', {}, line);
  return {
    element: h(
      'div',
      { class: 'line' },
      h('span', { class: 'hint' }, what),
      h('pre', { tabindex: '0', role: 'region', 'aria-label': what }, code),
      copyButton('Copy', () => code.textContent, `Copy: ${what}`),
    ),
    show: (/** @type {Line} */ next) => write(code, next.line),
  };
}
