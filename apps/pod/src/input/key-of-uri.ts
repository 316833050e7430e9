import { decodedUri, Failure } from '@reverie/contracts';
import { isKey } from '@reverie/storage';

/** The key of what a playlist in a bucket names. Only what is in the same bucket: a playlist can be anybody's. */
export function keyOfUri(uri: string, playlistKey: string): string {
  const refuse = (why: string) =>
    new Failure('source_refused', `the playlist names ${JSON.stringify(uri.slice(0, 200))}, ${why}`);
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(uri)) {
    throw refuse('and only files beside it in the bucket are fetched: name them by relative addresses');
  }
  const path = decodedUri(uri.replace(/[?#].*$/s, ''));
  if (path === undefined) throw refuse('which cannot be decoded');
  const parts = path.startsWith('/') ? [] : playlistKey.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) throw refuse('which is outside of the bucket');
    if (!['', '.', '..'].includes(part)) parts.push(part);
  }
  const key = parts.join('/');
  if (!isKey(key)) throw refuse('which is no key of the bucket');
  return key;
}
