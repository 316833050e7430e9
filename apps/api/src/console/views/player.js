import { h, mark, write } from '../dom.js';
import { filesOf, isUnfinished } from '../names.js';
import { media } from './media.js';

const CALM = matchMedia('(prefers-reduced-motion: reduce)');

/** The film; before it is there the preview clip; before that a place for it. */
export function player() {
  const film = media('video');
  const video = /** @type {HTMLVideoElement} */ (film.element);
  const note = h('p', { class: 'note' });
  const download = h('a', { class: 'quiet small', download: true, hidden: true }, 'Download');
  const element = h(
    'figure',
    { class: 'player' },
    h('div', { class: 'frame' }, video),
    h('figcaption', { class: 'row' }, note, download),
  );
  /** @param {import('../types.d.ts').ArtifactOfJob} file @param {boolean} isFilm @param {string | undefined} poster */
  function load(file, isFilm, poster) {
    if (!film.load(file.url)) return;
    video.controls = isFilm || CALM.matches;
    video.loop = !isFilm;
    video.muted = !isFilm;
    video.autoplay = !isFilm && !CALM.matches;
    if (poster) video.poster = poster;
  }

  return {
    element,
    seek: film.seek,
    toggle: film.toggle,
    stop: film.stop,
    /** @param {import('../types.d.ts').Job} job */
    show(job) {
      const { film: whole, preview, poster } = filesOf(job);
      const done = job.status === 'completed';
      element.hidden = !whole && !preview && !isUnfinished(job);
      mark(element, 'data-aspect', String(job.input.aspect ?? '16:9'));
      mark(element, 'data-making', isUnfinished(job));
      const file = (done && whole) || preview;
      if (file) load(file, file === whole, poster?.url);
      video.setAttribute('aria-label', file === whole ? 'The film' : 'The preview');
      write(note, file === whole && file ? '' : file ? previewNote(job) : 'The first pictures appear here.');
      download.hidden = !file || file !== whole;
      if (whole && download.dataset.key !== whole.key) {
        download.dataset.key = whole.key;
        download.href = whole.url;
      }
    },
  };
}

/** @param {import('../types.d.ts').Job} job */
const previewNote = (job) =>
  isUnfinished(job) ? 'Preview, without sound. The film is being made.' : 'Preview. The film was not finished.';
