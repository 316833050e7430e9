import { fill, h, keyed, mark, write } from '../dom.js';
import { clock, span } from '../format.js';
import { isUnfinished } from '../names.js';
import { lanes, scaleOf } from '../timeline-scale.js';
import { attemptTable } from './attempts.js';
import { statusChip } from './status.js';

/** @typedef {import('../types.d.ts').Job} Job */
/** @typedef {import('../types.d.ts').StageOfJob} StageOfJob */
/** @typedef {ReturnType<typeof scaleOf>} Scale */

/** What happened when: a row a stage, a bar an attempt; what ran side by side stands side by side. */
export function timeline() {
  const rows = h('ol', { class: 'stages' });
  const axis = h('div', { class: 'axis', 'aria-hidden': 'true' });
  const attempts = attemptTable();
  const element = h(
    'section',
    { class: 'timeline', 'aria-labelledby': 'stages-title' },
    h('h2', { id: 'stages-title' }, 'Stages'),
    rows,
    axis,
    attempts.element,
  );
  /** @type {Scale} */
  let scale;
  let now = 0;
  const show = keyed(rows, {
    keyOf: (/** @type {StageOfJob} */ { name }) => name,
    make: () => stageRow(() => ({ scale, now })),
  });

  return {
    element,
    /** @param {Job} job */
    show(job) {
      const ends = job.ended_at ? Date.parse(job.ended_at) : 0;
      now = isUnfinished(job) ? Date.now() : ends;
      const whole = { start: Date.parse(job.created_at), end: Math.max(now, Date.parse(job.created_at)) };
      const busy = job.stages.flatMap((stage) => barsOf(stage, now));
      scale = scaleOf(busy, whole);
      element.hidden = job.stages.length === 0;
      show(job.stages);
      attempts.show(job);
      fill(
        axis,
        h('span', {}, clock(job.created_at)),
        h('span', {}, scale.cuts.map(cutSaid).join(' ')),
        h('span', {}, span(whole.end - whole.start)),
      );
    },
  };
}

/** @param {{ start: number, end: number }} cut */
const cutSaid = ({ start, end }) => `${span(end - start)} of waiting drawn short`;

/** @param {() => { scale: Scale, now: number }} drawn */
function stageRow(drawn) {
  const name = h('span', { class: 'stage-name' });
  const fleet = h('span', { class: 'hint' });
  const chip = statusChip();
  const took = h('span', { class: 'took' });
  const track = h('div', { class: 'track', 'aria-hidden': 'true' });
  const reason = h('p', { class: 'reason hint' });
  const element = h(
    'li',
    {},
    h('div', { class: 'who' }, name, fleet),
    track,
    reason,
    h('div', { class: 'how' }, chip.element, took),
  );
  return {
    element,
    /** @param {StageOfJob} stage */
    show(stage) {
      const { scale, now } = drawn();
      write(name, stage.name);
      write(
        fleet,
        stage.parts.total > 1 ? `${stage.fleet} · ${stage.parts.completed}/${stage.parts.total} parts` : stage.fleet,
      );
      chip.show(stage.state);
      const from = stage.started_at && Date.parse(stage.started_at);
      const until = stage.ended_at ? Date.parse(stage.ended_at) : now;
      const percent = stage.state === 'running' && stage.progress > 0 ? `${Math.round(stage.progress)} % · ` : '';
      write(took, from ? `${percent}${span(until - from)}` : '');
      write(reason, stage.skipped_because ?? '');
      reason.hidden = !stage.skipped_because;
      track.hidden = !reason.hidden;
      draw(track, lanes(barsOf(stage, now)), scale);
    },
  };
}

/** @param {Element} track @param {(ReturnType<typeof barsOf>[number] & { lane: number })[]} bars @param {Scale} scale */
function draw(track, bars, scale) {
  const count = Math.max(1, ...bars.map(({ lane }) => lane + 1));
  const present = /** @type {HTMLElement[]} */ ([...track.children]);
  bars.forEach(({ start, end, lane, outcome, said }, at) => {
    const bar = present[at] ?? track.appendChild(h('i'));
    const left = scale.at(start) * 100;
    bar.style.insetInlineStart = `${left}%`;
    bar.style.inlineSize = `${Math.max(scale.at(end) * 100 - left, 0)}%`;
    bar.style.insetBlockStart = `${(lane / count) * 100}%`;
    bar.style.blockSize = `calc(${100 / count}% - ${count > 1 ? 1 : 0}px)`;
    mark(bar, 'data-outcome', outcome);
    mark(bar, 'title', said);
  });
  for (const stale of present.slice(bars.length)) stale.remove();
}

/** @param {StageOfJob} stage @param {number} now */
const barsOf = ({ attempts }, now) =>
  attempts.flatMap(({ started_at, ended_at, outcome, part, attempt, worker }) => {
    if (!started_at) return [];
    const start = Date.parse(started_at);
    const end = Math.max(ended_at ? Date.parse(ended_at) : now, start);
    return [
      {
        start,
        end,
        outcome,
        said: `part ${part + 1}, attempt ${attempt}: ${outcome} on ${worker}, ${span(end - start)}`,
      },
    ];
  });
