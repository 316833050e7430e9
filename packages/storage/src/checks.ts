import type { ByteRange } from './store.ts';

/** Refuses a key that could leave its folder, or that a URL, a file system or S3's XML would change on the way. */
export function checkKey(key: string): string {
  const refuse = (why: string) =>
    new Error(`storage key ${JSON.stringify(key)} is refused: ${why}; build keys with artifactKey`);
  if (key.startsWith('/')) throw refuse('it is absolute');
  if (!key.isWellFormed() || /\p{Cc}/u.test(key)) throw refuse('it holds control characters or broken unicode');
  if (Buffer.byteLength(key) > 900) throw refuse('it is longer than 900 bytes (S3 ends at 1024, with its prefix)');
  for (const segment of key.split('/')) {
    if (segment === '') throw refuse('it has an empty segment');
    if (segment === '.' || segment === '..') throw refuse(`it has a segment "${segment}"`);
  }
  return key;
}

/** Whether there could be a file under this key; for keys that come from outside. */
export function isKey(key: string): boolean {
  try {
    return checkKey(key) === key;
  } catch {
    return false;
  }
}

/** A prefix may end anywhere in a name; the folders before it are held to the rules for keys. */
export function checkPrefix(prefix: string): string {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  if (folder !== '') checkKey(folder.slice(0, -1));
  return prefix;
}

/** S3 answers a range it cannot read with the whole file, so it must never be asked one. */
export function checkRange({ start, end = start }: ByteRange): void {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start) return;
  throw new RangeError(`bytes ${start}-${end} are no range: it needs 0 <= start <= end`);
}
