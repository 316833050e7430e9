import { fill, h, write } from '../dom.js';
import { clock, span } from '../format.js';
import { listing } from './failure.js';

/** @typedef {import('../types.d.ts').Job} Job */

/** Every attempt in words: the timeline for those who read rather than look. */
export function attemptTable() {
  const body = h('tbody');
  const heads = ['Stage', 'Part', 'Attempt', 'Outcome', 'Started', 'Took', 'Worker'];
  const table = h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Attempts' },
    h('table', {}, h('thead', {}, h('tr', {}, ...heads.map((name) => h('th', { scope: 'col' }, name)))), body),
  );
  const summary = h('summary');
  const errors = h('div');
  const element = h('details', { class: 'attempts', ontoggle: () => look() }, summary, table, errors);
  /** @type {Job['stages']} */
  let stages = [];
  let shown = '';
  /** Thousands of rows nobody looks at need not be there. */
  function look() {
    if (!element.open) return;
    const all = stages.flatMap((stage) => stage.attempts.map((attempt) => ({ stage, attempt })));
    const said = JSON.stringify(all.map(({ attempt }) => attempt));
    if (said === shown) return;
    shown = said;
    fill(body, ...all.map(({ stage, attempt }) => attemptRow(stage, attempt)));
    fill(errors, ...failuresOf(stages).map(({ label, text }) => listing(label, text)));
  }

  return {
    element,
    /** @param {Job} job */
    show(job) {
      stages = job.stages;
      const all = stages.flatMap(({ attempts }) => attempts);
      const again = all.filter(({ error }) => error).length;
      write(summary, `${all.length} ${all.length === 1 ? 'attempt' : 'attempts'}${again ? `, ${again} failed` : ''}`);
      look();
    },
  };
}

/** @param {import('../types.d.ts').StageOfJob} stage @param {import('../types.d.ts').Attempt} attempt */
function attemptRow({ name, parts }, { part, attempt, outcome, started_at, ended_at, worker }) {
  const took = started_at && ended_at ? span(Date.parse(ended_at) - Date.parse(started_at)) : '–';
  const cells = [
    name,
    parts.total > 1 ? `${part + 1} of ${parts.total}` : '–',
    String(attempt),
    outcome,
    clock(started_at),
    took,
    worker,
  ];
  return h('tr', { 'data-outcome': outcome }, ...cells.map((cell) => h('td', {}, cell)));
}

/** What went wrong, each kind once: a hundred attempts on a full disk say the same. @param {Job['stages']} stages */
function failuresOf(stages) {
  const all = stages.flatMap(({ name, attempts }) => attempts.map((attempt) => ({ name, ...attempt })));
  const kinds = Map.groupBy(all, ({ name, error }) => error && `${name}: ${error.code}, ${error.message}`);
  return [...kinds].flatMap(([kind, same]) => {
    const { error, attempt } = same.at(-1) ?? {};
    if (!kind || !error) return [];
    const times = same.length > 1 ? `${same.length} times, last in attempt ${attempt}` : `in attempt ${attempt}`;
    return [
      { label: `${kind} (${times})`, text: [error.command, error.log].filter(Boolean).join('\n\n') || error.message },
    ];
  });
}
