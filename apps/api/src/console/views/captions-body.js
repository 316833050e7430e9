import { copyButton } from '../copy.js';
import { h, mark, write } from '../dom.js';
import { size } from '../format.js';
import { isUnfinished, sourceName } from '../names.js';
import { factList, fileLinks, languageName, leftOut } from './facts.js';
import { media } from './media.js';
import { subtitles } from './subtitles.js';
import { transcript } from './transcript.js';

/** @typedef {import('../types.d.ts').CaptionsJob} CaptionsJob */

/** What is said, with the sound or the video it was heard in. */
export function captionsBody() {
  const film = media('video', { at, refused: soundAlone });
  const sound = media('audio', { at });
  const said = transcript({ seek: (seconds) => playing().seek(seconds) });
  const overlay = subtitles(film.element);
  let filmFails = false;
  let text = '';
  let audioUrl = '';

  const files = fileLinks();
  const copy = copyButton('Copy text', () => text, 'Copy the transcript as text');
  const note = h('p', { class: 'note' });
  const facts = factList();
  const missing = leftOut();
  const frame = h('div', { class: 'frame' }, film.element);
  const element = h(
    'div',
    { class: 'watch heard' },
    h(
      'figure',
      { class: 'player' },
      frame,
      sound.element,
      note,
      h('div', { class: 'row' }, files.element, copy),
      facts.element,
      missing.element,
    ),
    said.element,
  );
  for (const { element } of [film, sound]) element.controls = true;

  const playing = () => (film.element.hidden ? sound : film);

  /** @param {number} seconds */
  function at(seconds) {
    said.at(seconds);
  }

  /** Not every video is one for browsers; its sound always is. */
  function soundAlone() {
    filmFails = true;
    film.element.hidden = true;
    frame.hidden = true;
    if (audioUrl) sound.load(audioUrl);
  }

  /** @param {CaptionsJob} job */
  function load(job) {
    const source = filmFails ? undefined : filmOf(job);
    audioUrl = job.audio_url ?? '';
    if (source && film.load(source.url)) sound.element.hidden = true;
    else if (!source && audioUrl) sound.load(audioUrl);
    frame.hidden = !source;
    mark(element, 'data-sound', !source);
  }

  return {
    element,
    /** @param {import('../types.d.ts').Job} shown */
    show(shown) {
      const job = /** @type {CaptionsJob} */ (shown);
      const segments = job.transcription_segments;
      load(job);
      text = job.transcription_text ?? '';
      said.element.hidden = !segments;
      if (segments) said.show(segments);
      if (segments) overlay.show(segments, job.language);
      write(note, segments || !isUnfinished(job) ? '' : 'The words appear here as soon as they are heard.');
      files.show(filesOf(job));
      copy.hidden = text === '';
      facts.show(factsOf(job));
      missing.show(
        job.stages.flatMap(({ name, skipped_because: reason }) => (reason ? [{ stage: name, reason }] : [])),
      );
    },
    toggle: () => playing().toggle(),
    stop() {
      film.stop();
      sound.stop();
    },
    find: () => said.focus(),
  };
}

/** The video itself, where it is kept and this browser plays such. @param {CaptionsJob} job */
function filmOf({ artifacts }) {
  const source = artifacts.find(({ stage, content_type }) => stage === 'download' && content_type.startsWith('video/'));
  return source && document.createElement('video').canPlayType(source.content_type) !== '' ? source : undefined;
}

/** @param {CaptionsJob} job */
function filesOf({ artifacts, srt_url, vtt_url, json_url, audio_url }) {
  const file = (/** @type {string} */ label, /** @type {string | null} */ url) => {
    const bytes = url ? artifacts.find((it) => pathOf(it.url) === pathOf(url))?.bytes : undefined;
    return { label, url, detail: bytes === undefined ? undefined : size(bytes) };
  };
  return [file('SRT', srt_url), file('VTT', vtt_url), file('JSON', json_url), file('Sound', audio_url)];
}

/** @param {string} url */
const pathOf = (url) => new URL(url).pathname;

/** @param {CaptionsJob} job */
const factsOf = (job) => ({
  source: job.youtube_url.startsWith('upload:') ? sourceName(job.youtube_url, job.metadata) : job.youtube_url,
  language: languageName(job.language),
  'translated into': languageName(job.input.languageOut),
  'transcribed by': job.transcribed_by,
  lines: job.transcription_segments?.length,
  result: job.cached_from && { href: `#/jobs/${job.cached_from}`, text: 'of an earlier job for the same video' },
});
