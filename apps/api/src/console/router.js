/**
 * The page's address, read: `#/`, `#/?status=failed`, `#/jobs/<id>`, `#/dreams/<id>`, `#/videos/<id>`.
 * @param {string} hash
 * @returns {{ name: 'home', status: string } | { name: 'jobs' | 'dreams' | 'videos', id: string }}
 */
export function readRoute(hash) {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const match = /^(jobs|dreams|videos)\/([0-9a-f-]{36})$/i.exec(path);
  if (match)
    return { name: /** @type {'jobs' | 'dreams' | 'videos'} */ (match[1]), id: /** @type {string} */ (match[2]) };
  return { name: 'home', status: new URLSearchParams(query).get('status') ?? '' };
}

/** @param {string} hash */
export const go = (hash) => {
  location.hash = hash;
};

/** @param {(route: ReturnType<typeof readRoute>) => void} show */
export function route(show) {
  const now = () => {
    // The skip link's target is no route.
    if (location.hash !== '#main') show(readRoute(location.hash));
  };
  addEventListener('hashchange', now);
  now();
}
