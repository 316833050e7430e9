import { h, mark, write } from '../dom.js';
import { filesOf, isUnfinished } from '../names.js';

const CALM = matchMedia('(prefers-reduced-motion: reduce)');

/** The film; before it is there the preview clip; before that a place for it. */
export function player() {
  const video = h('video', { playsinline: true, preload: 'metadata', hidden: true, onerror: refresh });
  const note = h('p', { class: 'note' });
  const download = h('a', { class: 'quiet small', download: true, hidden: true }, 'Download');
  const element = h(
    'figure',
    { class: 'player' },
    h('div', { class: 'frame' }, video),
    h('figcaption', { class: 'row' }, note, download),
  );
  let key = '';
  let url = '';
  let tried = '';

  /** A link works for an hour; a film that is paused longer goes on with the newest one. */
  function refresh() {
    if (!url || tried === url) return;
    tried = url;
    const at = video.currentTime;
    video.src = url;
    video.currentTime = at;
  }

  /** @param {import('../types.d.ts').ArtifactOfJob} file @param {boolean} isFilm @param {string | undefined} poster */
  function load(file, isFilm, poster) {
    url = file.url;
    if (file.key === key) return;
    key = file.key;
    video.hidden = false;
    video.controls = isFilm || CALM.matches;
    video.loop = !isFilm;
    video.muted = !isFilm;
    video.autoplay = !isFilm && !CALM.matches;
    if (poster) video.poster = poster;
    video.src = url;
  }

  return {
    element,
    /** @param {number} seconds */
    seek(seconds) {
      video.currentTime = seconds;
      video.play().catch(() => undefined);
    },
    stop: () => video.pause(),
    /** @param {import('../types.d.ts').Job} job */
    show(job) {
      const { film, preview, poster } = filesOf(job);
      const done = job.status === 'completed';
      element.hidden = !film && !preview && !isUnfinished(job);
      mark(element, 'data-aspect', String(job.input.aspect ?? '16:9'));
      mark(element, 'data-making', isUnfinished(job));
      const file = (done && film) || preview;
      if (file) load(file, file === film, poster?.url);
      video.setAttribute('aria-label', file === film ? 'The film' : 'The preview');
      write(note, file === film && file ? '' : file ? previewNote(job) : 'The first pictures appear here.');
      download.hidden = !file || file !== film;
      if (film && download.dataset.key !== film.key) {
        download.dataset.key = film.key;
        download.href = film.url;
      }
    },
  };
}

/** @param {import('../types.d.ts').Job} job */
const previewNote = (job) =>
  isUnfinished(job) ? 'Preview, without sound. The film is being made.' : 'Preview. The film was not finished.';
