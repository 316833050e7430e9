/** @typedef {Node | string | undefined | null | false} Child */

/**
 * An element. Text only ever becomes a text node, so nothing a user wrote can be markup.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [props] attributes; `on…` listens, undefined and false leave out
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  fill(element, ...children);
  return element;
}

/** Gives an element other children. @param {Element} element @param {...(Child | Child[])} children */
export function fill(element, ...children) {
  const present = children.flat().filter((child) => child !== undefined && child !== null && child !== false);
  element.replaceChildren(.../** @type {(Node | string)[]} */ (present));
}

/** Writes text only where it differs, so that a selection and a screen reader are left in peace. @param {Element} element @param {string} text */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Element} element @param {string} name @param {string | boolean | undefined} value */
export function mark(element, name, value) {
  const now = value === undefined || value === false ? null : value === true ? '' : value;
  if (element.getAttribute(name) === now) return;
  if (now === null) element.removeAttribute(name);
  else element.setAttribute(name, now);
}

/**
 * Keeps the children of an element in step with a list and touches only what changed: focus, playback and scrolling stay.
 * @template T
 * @param {Element} parent
 * @param {{ keyOf: (item: T) => string, make: (item: T) => { element: Element, show(item: T): void } }} how
 * @returns {(items: readonly T[]) => void}
 */
export function keyed(parent, { keyOf, make }) {
  /** @type {Map<string, { element: Element, show(item: T): void }>} */
  const known = new Map();
  return (items) => {
    const keys = new Set(items.map(keyOf));
    for (const [key, child] of known) {
      if (keys.has(key)) continue;
      child.element.remove();
      known.delete(key);
    }
    let at = parent.firstElementChild;
    for (const item of items) {
      const key = keyOf(item);
      const child = known.get(key) ?? make(item);
      known.set(key, child);
      child.show(item);
      if (child.element === at) at = at.nextElementSibling;
      else parent.insertBefore(child.element, at);
    }
  };
}
