import { h } from '../dom.js';
import { loadHls, playsPlaylists } from '../load-hls.js';

/** @typedef {InstanceType<typeof import('hls.js').default>} Hls */

/**
 * A film that comes as a playlist, and plays on when its link has expired: every answer has a fresh one.
 * @param {{ at(seconds: number): void, refused(why: string): void }} on `refused`: the browser cannot play it, or it is gone
 */
export function playlist({ at, refused }) {
  const element = h('video', {
    controls: true,
    playsinline: true,
    preload: 'metadata',
    crossorigin: 'anonymous',
    hidden: true,
    ontimeupdate: () => at(element.currentTime),
    onerror: () => playsPlaylists(element) && again(element.error?.message ?? ''),
  });
  /** @type {Hls | undefined} */
  let hls;
  let file = '';
  let url = '';
  let tried = '';
  let mended = false;
  let begun = 0;
  let stopped = false;

  const play = () => void element.play().catch(() => undefined);

  /** @param {string} why */
  function again(why) {
    if (tried !== url) return void begin(element.currentTime);
    refused(why);
  }

  /** @param {number} seconds */
  async function begin(seconds) {
    tried = url;
    const plays = !element.paused;
    hls?.destroy();
    hls = undefined;
    if (playsPlaylists(element)) {
      element.src = url;
      element.currentTime = seconds;
      if (plays) play();
      return;
    }
    const mine = ++begun;
    const Hls = await loadHls().catch(() => undefined);
    if (stopped || mine !== begun) return;
    if (!Hls?.isSupported())
      return refused(Hls ? 'it has no Media Source Extensions' : 'the player could not be loaded');
    // A worker of its own would be made from a blob, which the page's policy has no place for.
    hls = new Hls({ enableWorker: false, startPosition: seconds || -1 });
    hls.on(Hls.Events.ERROR, (_event, { fatal, type, details, response }) => {
      // hls.js would ask seven times before it gives up a link that has expired.
      if (response?.code === 403 && tried !== url) return again('');
      if (!fatal) return;
      if (type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
        mended = true;
        return hls?.recoverMediaError();
      }
      again(`${details}${whyOf(response?.code)}`);
    });
    if (plays) hls.once(Hls.Events.MANIFEST_PARSED, play);
    tried = url; // which may have been signed anew meanwhile
    hls.loadSource(url);
    hls.attachMedia(element);
  }

  return {
    element,
    /** @param {string} link */
    load(link) {
      url = link;
      const now = placeOf(link);
      if (now === file) return;
      file = now;
      mended = false;
      element.hidden = false;
      begin(0);
    },
    /** @param {number} seconds */
    seek(seconds) {
      element.currentTime = seconds;
      play();
    },
    toggle: () => (element.paused ? play() : element.pause()),
    stop() {
      stopped = true;
      element.pause();
      hls?.destroy();
    },
  };
}

/** A browser says 0 where it was not let to read what came, or nothing came. @param {number | undefined} code */
function whyOf(code) {
  if (code === 0) return ': nothing came, or the bucket’s CORS does not allow GET from here';
  return code === undefined ? '' : `, ${code}`;
}

/** What a link to a folder opens, whenever it was signed: `/folders/<folder>/<expires>/<signature>/<name>`. @param {string} link */
export const placeOf = (link) => new URL(link).pathname.replace(/(\/folders\/[^/]+)\/\d+\/[^/]+\//, '$1/');
