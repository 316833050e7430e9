import { copyButton } from '../copy.js';
import { h, mark, write } from '../dom.js';
import { minute } from '../format.js';
import { isUnfinished } from '../names.js';
import { factList, fileLinks, languageName, leftOut, price } from './facts.js';
import { filmstrip } from './filmstrip.js';
import { lines } from './lines.js';
import { media } from './media.js';
import { moments } from './moments.js';
import { subtitles } from './subtitles.js';

/** @typedef {import('../types.d.ts').Video} Video */

/** What is said and seen in a video, and the way to every moment of it. */
export function analysisBody() {
  const film = media('video', { at });
  const overlay = subtitles(film.element);
  const said = lines({ seek: film.seek });
  const strip = filmstrip({ seek: film.seek });
  const search = moments({ seek: film.seek, searching });
  const note = h('p', { class: 'note' });
  const files = fileLinks();
  const copy = copyButton('Copy text', () => text, 'Copy the transcript as text');
  const facts = factList();
  const missing = leftOut();
  let text = '';
  const player = h('figure', { class: 'player' }, h('div', { class: 'frame' }, film.element), note);
  const beside = h(
    'section',
    { class: 'transcript', 'aria-label': 'Transcript and search' },
    search.element,
    search.list,
    said.element,
  );
  const element = h(
    'div',
    { class: 'analysed' },
    h('div', { class: 'watch' }, player, beside),
    strip.element,
    h('div', { class: 'stack' }, h('div', { class: 'row' }, files.element, copy), facts.element, missing.element),
  );
  film.element.controls = true;
  searching(false);

  /** @param {number} seconds */
  function at(seconds) {
    said.at(seconds);
    strip.at(seconds);
  }

  /** @param {boolean} on */
  function searching(on) {
    search.list.hidden = !on;
    said.element.hidden = on;
  }

  return {
    element,
    /** @param {import('../types.d.ts').Job | undefined} job @param {import('../types.d.ts').About} about */
    show(job, { video }) {
      const url = video?.video_url ?? normalised(job);
      const making = job !== undefined && isUnfinished(job);
      if (url) film.load(url);
      player.hidden = !url && !making;
      mark(player, 'data-making', making && !url);
      mark(player, 'data-aspect', aspectOf(video));
      write(
        note,
        !making ? '' : url ? 'The video is still being looked at.' : 'The video appears here once it is normalised.',
      );
      strip.show(video);
      beside.hidden = !video || !hasWords(video);
      if (!video) return;
      search.of(video.video_id);
      said.show(video.transcript?.segments ?? []);
      if (video.transcript) overlay.show(video.transcript.segments, video.language);
      text = video.transcript?.text ?? '';
      copy.hidden = text === '';
      files.show(filesOf(video));
      facts.show(factsOf(video));
      missing.show(video.skipped);
    },
    toggle: film.toggle,
    stop: film.stop,
    find: () => search.focus(),
  };
}

/** Long before the rest of the analysis, the video is there. @param {import('../types.d.ts').Job | undefined} job */
const normalised = (job) =>
  job?.artifacts.find(({ stage, key }) => stage === 'normalise' && key.endsWith('/video.mp4'))?.url;

/** Whether there is something to be found. @param {Video} video */
const hasWords = ({ transcript, frames }) =>
  (transcript?.segments.length ?? 0) > 0 || frames.some(({ caption }) => caption !== null);

/** @param {Video | undefined} video */
function aspectOf(video) {
  const { width = 16, height = 9 } = video?.facts?.video ?? {};
  return width > height ? '16:9' : width < height ? '9:16' : '1:1';
}

/** @param {Video} video */
const filesOf = ({ video_url, audio_url, result_url }) => [
  { label: 'Video', url: video_url },
  { label: 'Sound', url: audio_url },
  { label: 'Everything as JSON', url: result_url },
];

/** @param {Video} video */
function factsOf({ duration, facts, language, scenes, frames, models, cost, source_url }) {
  const picture = facts?.video;
  return {
    length: duration !== null && minute(duration),
    picture: picture && `${picture.width} × ${picture.height}, ${Math.round(picture.fps)} fps`,
    language: languageName(language),
    scenes: scenes.length,
    frames: frames.length,
    'heard by': models.transcription,
    'seen by': models.vision,
    'searchable by': models.embeddings && `${models.embeddings.model}, ${models.embeddings.dimensions} dimensions`,
    cost: cost !== null && price(cost),
    source: source_url,
  };
}
