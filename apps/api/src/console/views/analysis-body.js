import { copyButton } from '../copy.js';
import { fill, h, mark, write } from '../dom.js';
import { minute } from '../format.js';
import { isUnfinished } from '../names.js';
import { fileLink, languageName, leftOut, pairs, price } from './facts.js';
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
  const files = h('div', { class: 'row files' });
  const facts = h('dl', { class: 'facts' });
  const missing = h('ul', { class: 'left-out' });
  const silent = h('p', { class: 'hint' });
  const player = h('figure', { class: 'player' }, h('div', { class: 'frame' }, film.element), note);
  const beside = h(
    'section',
    { class: 'transcript', 'aria-label': 'Transcript and search' },
    search.element,
    search.list,
    said.element,
    silent,
  );
  const element = h(
    'div',
    { class: 'analysed' },
    h('div', { class: 'watch' }, player, beside),
    strip.element,
    h('div', { class: 'stack' }, files, facts, missing),
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
      const has = video && (video.scenes.length > 0 || video.transcript !== null);
      beside.hidden = !has;
      if (!video) return;
      search.of(video.video_id);
      said.show(video.transcript?.segments ?? []);
      if (video.transcript) overlay.show(video.transcript.segments, video.language);
      write(silent, video.transcript?.segments.length ? '' : 'There are no words in it.');
      fill(files, ...filesOf(video));
      fill(facts, ...pairs(factsOf(video)));
      fill(missing, ...leftOut(video.skipped));
    },
    toggle: film.toggle,
    stop: film.stop,
    find: () => search.focus(),
  };
}

/** Long before the rest of the analysis, the video is there. @param {import('../types.d.ts').Job | undefined} job */
const normalised = (job) =>
  job?.artifacts.find(({ stage, key }) => stage === 'normalise' && key.endsWith('/video.mp4'))?.url;

/** @param {Video | undefined} video */
function aspectOf(video) {
  const { width = 16, height = 9 } = video?.facts?.video ?? {};
  return width > height ? '16:9' : width < height ? '9:16' : '1:1';
}

/** @param {Video} video */
const filesOf = ({ video_url, audio_url, result_url, transcript }) => [
  video_url && fileLink(video_url, 'Video'),
  audio_url && fileLink(audio_url, 'Sound'),
  result_url && fileLink(result_url, 'Everything as JSON'),
  transcript && copyButton('Copy text', () => transcript.text, 'Copy the transcript as text'),
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
