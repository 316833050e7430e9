import { ROOT } from './api.js';

/**
 * PUTs one part. `fetch` cannot say how far it is.
 * @param {string} url @param {Blob} part @param {{ signal: AbortSignal, told(bytes: number): void }} on
 * @returns {Promise<void>}
 */
export const sendPart = (url, part, { signal, told }) =>
  new Promise((resolve, reject) => {
    const put = new XMLHttpRequest();
    const stop = () => put.abort();
    signal.addEventListener('abort', stop);
    put.upload.onprogress = ({ loaded }) => told(Math.min(loaded, part.size));
    put.onloadend = () => {
      signal.removeEventListener('abort', stop);
      if (put.status >= 200 && put.status < 300) resolve();
      else reject(new Error(put.status ? `The store answered ${put.status}.` : 'The connection broke off.'));
    };
    put.open('PUT', asReached(url));
    // A blob brings its type along, which the link of another store was not signed for.
    put.send(part.slice(0, part.size, ''));
  });

/** The API's own links lead to where this page reached it, as another origin would be refused; a bucket's stay as they are. @param {string} url */
function asReached(url) {
  const { pathname, search, searchParams } = new URL(url);
  const at = pathname.lastIndexOf('/artifacts/uploads/');
  return searchParams.has('part') && at !== -1 ? new URL(`.${pathname.slice(at)}${search}`, ROOT) : url;
}
