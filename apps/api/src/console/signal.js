/**
 * A value that tells whoever subscribed when it changes.
 * @template T
 * @param {T} value
 */
export function signal(value) {
  /** @type {Set<(value: T) => void>} */
  const subscribers = new Set();
  return {
    get: () => value,
    /** @param {T} next */
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const tell of subscribers) tell(value);
    },
    /** Called at once and at every change. Returns the way out. @param {(value: T) => void} tell */
    subscribe(tell) {
      subscribers.add(tell);
      tell(value);
      return () => void subscribers.delete(tell);
    },
  };
}
