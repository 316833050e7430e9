import { copyButton } from '../copy.js';
import { h, write } from '../dom.js';

/** The job as the API tells it. */
export function rawJson() {
  const code = h('code');
  let text = '';
  const look = () => element.open && write(code, text);
  const element = h(
    'details',
    { class: 'raw', ontoggle: () => look() },
    h('summary', {}, 'Raw JSON'),
    copyButton('Copy', () => text, 'Copy the raw JSON'),
    h('pre', { tabindex: '0', role: 'region', 'aria-label': 'Raw JSON' }, code),
  );
  return {
    element,
    /** @param {import('../types.d.ts').Job} job */
    show(job) {
      text = JSON.stringify(job, null, 2);
      look();
    },
  };
}
