import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@reverie/contracts';
import { roomFor } from '../workplace.ts';
import { bytesInWords } from './in-words.ts';

/** A file elsewhere, from some byte to its end. */
export interface Piece {
  body: AsyncIterable<Uint8Array>;
  /** Where it begins: where it was asked to, or 0 when the other side would not go on there. */
  start: number;
  /** Of the whole file, where the other side says. */
  bytes: number | undefined;
  /** Tells this file from another that takes its place. Without one nothing is gone on with. */
  version: string | undefined;
  close(): Promise<void>;
}
export type OpenPiece = (from: { start: number; version: string | undefined }) => Promise<Piece>;

/** When a connection that was cut is given up. */
export interface Patience {
  /** Tries in a row that brought nothing. */
  tries: number;
  /** After the last new byte. With the half minute a last try may be silent it stays below the stage's 90 s. */
  seconds: number;
  /** The first wait; every further one is twice as long. */
  waitMs: number;
}
const PATIENCE: Patience = { tries: 5, seconds: 45, waitMs: 250 };

interface Download {
  path: string;
  maxBytes: number;
  signal: AbortSignal;
  onBytes(have: number, bytes: number | undefined): void;
  patience?: Patience | undefined;
}

/** Streams a file from elsewhere to the disk, going on where a cut connection left off for as long as something new comes. */
export async function download(openPiece: OpenPiece, { patience = PATIENCE, ...to }: Download): Promise<void> {
  // Appending: wherever a piece begins, its bytes come behind those that are there.
  const file = await open(to.path, 'a');
  const got = { have: 0, version: undefined as string | undefined };
  let furthest = 0;
  let lastNew = Date.now();
  let fruitless = 0;

  /** True when the file is whole. */
  async function fetchPiece(): Promise<boolean> {
    const start = got.version === undefined ? 0 : got.have;
    const piece = await openPiece({ start, version: got.version });
    try {
      if (piece.start !== got.have) await file.truncate(piece.start);
      Object.assign(got, { have: piece.start, version: piece.version });
      if ((piece.bytes ?? 0) > to.maxBytes) throw tooLarge(to.maxBytes);
      for await (const chunk of piece.body) {
        if (got.have + chunk.length > to.maxBytes) throw tooLarge(to.maxBytes);
        await file.appendFile(chunk).catch(roomFor('the source'));
        got.have += chunk.length;
        if (got.have > furthest) {
          [furthest, lastNew, fruitless] = [got.have, Date.now(), 0];
        }
        to.onBytes(got.have, piece.bytes);
      }
      return piece.bytes === undefined || got.have === piece.bytes;
    } finally {
      await piece.close();
    }
  }

  try {
    for (;;) {
      const cut = await fetchPiece().then(
        (whole) => (whole ? undefined : new Error('the connection ended before the file did')),
        (error: Error) => error,
      );
      if (cut === undefined) return;
      to.signal.throwIfAborted();
      if (isFinal(cut)) throw cut;
      const waited = Date.now() - lastNew > patience.seconds * 1000;
      // What never began is left to the task's next attempt.
      if (furthest === 0 || fruitless === patience.tries || waited) throw unavailable(cut);
      await sleep(patience.waitMs * 2 ** fruitless++, undefined, { signal: to.signal });
    }
  } finally {
    await file.close();
  }
}

/** What another try at once would not change. Whoever asks us to stay away for a while is left alone, too. */
const isFinal = (error: Error) =>
  error instanceof Failure && (error.code !== 'source_unavailable' || error.retryAfterSeconds !== undefined);

const unavailable = (cause: Error) =>
  cause instanceof Failure
    ? cause
    : new Failure('source_unavailable', `the source could not be fetched: ${cause.message}`, { cause });

export const tooLarge = (maxBytes: number) =>
  new Failure(
    'source_too_large',
    `the source is larger than ${bytesInWords(maxBytes)}, the most there may be (MAX_SOURCE_BYTES)`,
  );
