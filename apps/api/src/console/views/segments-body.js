import { retryJob } from '../actions.js';
import { h, write } from '../dom.js';
import { isUnfinished, titleOf } from '../names.js';
import { startsOf } from '../segment-states.js';
import { segmentsOf } from '../segments-of.js';
import { spanAt } from '../span-at.js';
import { factList, fileLinks } from './facts.js';
import { media } from './media.js';
import { missingBox } from './missing.js';
import { segmentStrip } from './segment-strip.js';
import { segmentTold } from './segment-told.js';

/** @typedef {import('../types.d.ts').Job} Job */
/** @typedef {import('../types.d.ts').Segments} Segments */

const MODES = /** @type {Record<string, string>} */ ({ sbs: 'side by side', anaglyph: 'red-cyan' });

/** Every segment and what has become of it; the whole, and beside it any one of them. @param {{ again(): void }} on */
export function segmentsBody({ again }) {
  const whole = media('video', { at });
  const one = media('video');
  const strip = segmentStrip({ look, pick });
  const told = segmentTold();
  const missing = missingBox({ goTo: strip.goTo, run: runMissing });
  const files = fileLinks();
  const facts = factList();
  const oneName = h('figcaption', { class: 'row wide' });
  const [name, jump] = [
    h('span', {}),
    h('button', { type: 'button', class: 'quiet small', onclick: toWhole }, 'Show it in the whole'),
  ];
  const oneFigure = h('figure', { class: 'player', hidden: true }, h('div', { class: 'frame' }, one.element), oneName);
  const wholeFigure = h(
    'figure',
    { class: 'player', hidden: true },
    h('div', { class: 'frame' }, whole.element),
    h('figcaption', { class: 'row wide' }, h('span', {}, 'The whole'), files.element),
  );
  const nothing = h('p', { class: 'hint' });
  const watch = h('div', { class: 'pair' }, wholeFigure, oneFigure);
  const element = h(
    'div',
    { class: 'cut' },
    watch,
    missing.element,
    strip.element,
    told.element,
    nothing,
    facts.element,
  );
  oneName.append(name, jump);
  for (const { element } of [whole, one]) element.controls = true;

  /** @type {Job} */
  let job;
  /** @type {Segments | undefined} */
  let known;
  /** @type {{ start: number, end: number }[]} */
  let spans = [];
  /** @type {(number | undefined)[]} */
  let starts = [];
  let looked = -1;
  let picked = -1;
  const reading = segmentsOf(tell);

  /** @param {Segments} segments */
  function tell(segments) {
    known = segments;
    starts = startsOf(known.segments);
    spans = known.segments.flatMap(({ seconds }, at) => {
      const start = starts[at];
      return start === undefined || seconds === null ? [] : [{ start, end: start + seconds }];
    });
    strip.show(known.segments);
    say();
    if (known.final_url) whole.load(known.final_url);
    wholeFigure.hidden = !known.final_url;
    files.show([{ label: 'Download', url: known.final_url }]);
    lay();
    tellRest();
  }

  function lay() {
    watch.hidden = wholeFigure.hidden && oneFigure.hidden;
    jump.hidden = wholeFigure.hidden || starts[picked] === undefined;
  }

  function say() {
    const index = looked === -1 ? picked : looked;
    told.element.hidden = !known || known.segments.length === 0;
    told.show(known?.segments[index], starts[index]);
  }

  /** @param {number} index */
  function look(index) {
    looked = index;
    say();
  }

  /** @param {number} index */
  function pick(index) {
    picked = index;
    say();
    const segment = known?.segments[index];
    if (!segment?.url) return;
    whole.stop();
    oneFigure.hidden = false;
    write(name, `Segment ${segment.segment_index}`);
    one.load(segment.url);
    one.seek(0);
    lay();
  }

  function toWhole() {
    one.stop();
    const start = starts[picked];
    if (start !== undefined) whole.seek(start);
  }

  /** @param {number} seconds */
  function at(seconds) {
    strip.play(spanAt(spans, seconds));
  }

  async function runMissing() {
    await retryJob(job.job_id, titleOf(job));
    again();
  }

  function tellRest() {
    missing.show(job.status === 'failed' ? known : undefined);
    const { sourceUrl, mode, segmentSeconds, uploaded } = job.input;
    const models = [...new Set((known?.segments ?? []).flatMap(({ model }) => model ?? []))].join(', ');
    facts.show({
      source: typeof sourceUrl === 'string' && !sourceUrl.startsWith('upload:') && sourceUrl,
      'uploaded as': /** @type {{ job?: string } | undefined} */ (uploaded)?.job,
      mode: MODES[String(mode)],
      'segments of about': typeof sourceUrl === 'string' && `${segmentSeconds} s`,
      segments: known?.total_segments,
      model: models,
    });
  }

  return {
    element,
    /** @param {Job} now */
    show(now) {
      job = now;
      reading.look(job);
      const cut = (known?.segments.length ?? 0) > 0;
      nothing.hidden = cut || !known;
      write(nothing, isUnfinished(job) ? 'The segments appear here as soon as the video is cut.' : 'It was never cut.');
      tellRest();
    },
    toggle: () => (oneFigure.hidden || !whole.element.paused ? whole : one).toggle(),
    stop() {
      reading.stop();
      whole.stop();
      one.stop();
    },
    find: undefined,
  };
}
