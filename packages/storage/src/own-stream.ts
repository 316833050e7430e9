import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * A body's bytes in a stream of our own, which fails as the body does and ends on the signal at once. A pipeline from the
 * body itself would wait for the body to close, and a generator that hangs (a stalled download) never does.
 */
export function ownStream(body: Readable, signal: AbortSignal | undefined): Readable {
  const own = new PassThrough();
  pipeline(body, own, signal ? { signal } : {}).catch(() => {}); // the same error comes out of `own`
  return own;
}
