/** Ctrl Enter sends a form, from wherever in it. @param {KeyboardEvent & { currentTarget: EventTarget | null }} event */
export function sendsIt(event) {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  /** @type {HTMLFormElement} */ (event.currentTarget).requestSubmit();
}
