import { fill, h, mark } from '../dom.js';
import { languageName } from './facts.js';

/** Turns a film's subtitles on and off, and from one language to another. The film's own tracks say what there is. @param {HTMLVideoElement} video */
export function captionsSwitch(video) {
  const button = h(
    'button',
    { type: 'button', class: 'small switch', 'aria-keyshortcuts': 'c', onclick: toggle },
    h('span', { class: 'cc', 'aria-hidden': 'true' }, 'CC'),
    'Subtitles',
  );
  const languages = h('select', { class: 'small', 'aria-label': 'Language of the subtitles', onchange: chosen });
  const element = h('div', { class: 'row captions-switch', hidden: true }, button, languages);
  let wanted = 0;
  let known = '';
  let begun = false;

  const tracks = () => [...video.textTracks].filter(({ kind }) => kind === 'subtitles' || kind === 'captions');
  const shown = () => tracks().findIndex(({ mode }) => mode === 'showing');

  /** @param {number} at which one is shown; -1 for none */
  function show(at) {
    tracks().forEach((track, index) => {
      track.mode = index === at ? 'showing' : 'disabled';
    });
    look();
  }
  function toggle() {
    show(shown() === -1 ? wanted : -1);
  }
  function chosen() {
    wanted = languages.selectedIndex;
    show(wanted);
  }

  function look() {
    const all = tracks();
    // Whoever comes here comes for the subtitles, even where a playlist leaves them off.
    if (!begun && all.length > 0) {
      begun = true;
      if (shown() === -1) return show(wanted);
    }
    const now = shown();
    if (now !== -1) wanted = now;
    element.hidden = all.length === 0;
    languages.hidden = all.length < 2;
    mark(button, 'aria-pressed', String(now !== -1));
    const names = all.map(({ label, language }) => label || languageName(language) || 'Subtitles');
    if (known !== names.join()) fill(languages, ...names.map((name) => h('option', {}, name)));
    known = names.join();
    languages.selectedIndex = wanted;
  }

  for (const event of ['addtrack', 'removetrack', 'change']) video.textTracks.addEventListener(event, look);
  return {
    element,
    /** Says whether there was anything to turn. */
    toggle() {
      if (tracks().length === 0) return false;
      toggle();
      return true;
    },
  };
}
