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

/** One part of a file on its way here; parts are counted from 1, and the last may be the shortest. */
export interface Part {
  number: number;
  bytes: number;
  etag: string;
}

/** Which part, of which upload. `token` is the store's own name for the upload. */
export interface PartPlace {
  key: string;
  token: string;
  number: number;
  bytes: number;
}

/** Files that callers send in parts, straight to the store. Nobody sees the file before it is complete. */
export interface Uploads {
  /** The token of a new upload. A key is for one upload. */
  begin(key: string, how: { contentType: string }): Promise<string>;
  /** Where to PUT exactly these bytes, without credentials, until the link expires. The same part again: the later one wins. */
  linkToPart(part: PartPlace, seconds: number): Promise<string>;
  /** What has arrived, in order. Undefined when there is no such upload, or no more. */
  parts(key: string, token: string): Promise<Part[] | undefined>;
  /** Makes parts 1 to `count` the file, in the order of their numbers. Again: the same answer. Undefined when there is no such upload. */
  complete(key: string, token: string, count: number): Promise<Artifact | undefined>;
  /** Its parts go. Aborting what is not there is fine. */
  abort(key: string, token: string): Promise<void>;
  /** Takes what is sent to a link of ours, where the store has no server of its own. Undefined when there is no such upload. */
  receive?(part: PartPlace, body: Readable): Promise<Part | undefined>;
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
  /** What those who reach the store themselves call it: its key there, and its address (`s3://bucket/key`, `file:///…`). */
  outside(key: string): { key: string; uri: string };
  uploads: Uploads;
  /** Throws when the store cannot be reached; for readiness. */
  check(): Promise<void>;
}
