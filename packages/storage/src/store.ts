import type { Readable } from 'node:stream';
import type { Artifact } from '@reverie/contracts';

/** What is known of a stored file without reading it. */
export interface Stored extends Artifact {
  etag: string;
  modifiedAt: Date;
}

/** First and last byte, both included, as in an HTTP range. */
export interface ByteRange {
  start: number;
  end?: number;
}

/** Where artifacts live. Every kind of store passes the one contract suite. */
export interface Store {
  /** Streams a file in. A reader never sees half of it. With `ifAbsent` a key that is taken stays as it is: undefined. */
  put(
    key: string,
    body: Readable,
    how: { contentType: string; ifAbsent?: boolean; signal?: AbortSignal },
  ): Promise<Artifact | undefined>;
  /** Undefined when there is no such key: absence is an answer, not an error. */
  head(key: string): Promise<Stored | undefined>;
  get(key: string, how?: { range?: ByteRange; signal?: AbortSignal }): Promise<Readable | undefined>;
  /** The same bytes under another key, without passing through this process where the store can. */
  copy(from: string, to: string): Promise<Artifact>;
  list(prefix: string): AsyncIterable<Stored>;
  /** Deleting what is not there is fine. */
  delete(key: string): Promise<void>;
  /** A link that works without credentials until it expires. */
  linkTo(key: string, how: { method: 'GET' | 'PUT'; seconds: number }): Promise<string>;
  /** Throws when the store cannot be reached; for readiness. */
  check(): Promise<void>;
}
