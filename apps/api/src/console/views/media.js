import { h } from '../dom.js';

/**
 * A film or a sound that plays on when its link has expired: links work for an hour, and every answer has fresh ones.
 * @param {'video' | 'audio'} tag
 * @param {{ at?(seconds: number): void, refused?(): void }} [on] `refused`: the browser cannot play it, or it is gone
 */
export function media(tag, { at, refused } = {}) {
  /** @type {HTMLMediaElement} */
  const element = h(tag, {
    preload: 'metadata',
    playsinline: true,
    hidden: true,
    onerror: refresh,
    ontimeupdate: () => at?.(element.currentTime),
  });
  let file = '';
  let url = '';
  let tried = '';

  function refresh() {
    if (!url) return;
    if (tried === url) return refused?.();
    tried = url;
    const seconds = element.currentTime;
    element.src = url;
    element.currentTime = seconds;
  }

  return {
    element,
    /** Says whether it is another file than before. @param {string} link */
    load(link) {
      url = link;
      const { pathname } = new URL(link);
      if (pathname === file) return false;
      file = pathname;
      element.hidden = false;
      element.src = link;
      return true;
    },
    /** @param {number} seconds */
    seek(seconds) {
      element.currentTime = seconds;
      element.play().catch(() => undefined);
    },
    toggle: () => (element.paused ? void element.play().catch(() => undefined) : element.pause()),
    stop: () => element.pause(),
  };
}
