/** What single keys do, in the order the help shows them. */
export const SHORTCUTS = [
  ['n', 'Tell a new dream'],
  ['v', 'Caption or analyse a video'],
  ['s', 'Have a pod make subtitles'],
  ['g', 'Cut a video into segments'],
  ['j', 'Next in the list'],
  ['k', 'Previous in the list'],
  ['Enter', 'Open'],
  ['/', 'Filter by status; with a video open, find in it'],
  ['p', 'Play or pause'],
  ['c', 'Cancel the job; where a film has subtitles, turn them on or off'],
  ['r', 'Retry the job'],
  ['Esc', 'Back to the list'],
  ['?', 'This help'],
];

const OFF = 'reverie.shortcuts.off';
export const shortcutsOn = {
  get: () => localStorage.getItem(OFF) === null,
  /** @param {boolean} on */
  set: (on) => (on ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, 'yes')),
};

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement && target.matches('input:not([type=radio], [type=checkbox]), textarea, select');

/** @param {Record<string, () => void>} does by key */
export function listen(does) {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector('dialog[open]'))
      return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape') /** @type {HTMLElement} */ (event.target).blur();
      return;
    }
    const act = shortcutsOn.get() ? does[event.key] : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  });
}
