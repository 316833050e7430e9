/** @typedef {'jobs' | 'dreams' | 'videos' | 'posts'} Row what an address may name */

/**
 * The page's address, read: `#/`, `#/?status=failed&pipeline=dream`, `#/jobs/<id>`, `#/dreams/<id>`, `#/videos/<id>`,
 * `#/posts/<id>`.
 * @param {string} hash
 * @returns {{ name: 'home', status: string, pipeline: string } | { name: Row, id: string }}
 */
export function readRoute(hash) {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const match = /^(jobs|dreams|videos|posts)\/([0-9a-f-]{36})$/i.exec(path);
  if (match) return { name: /** @type {Row} */ (match[1]), id: /** @type {string} */ (match[2]) };
  const wanted = new URLSearchParams(query);
  return { name: 'home', status: wanted.get('status') ?? '', pipeline: wanted.get('pipeline') ?? '' };
}

/** The address of the list with such jobs alone. @param {{ status: string, pipeline: string }} wanted */
export function listAt(wanted) {
  const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value !== '')).toString();
  return query ? `#/?${query}` : '#/';
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
