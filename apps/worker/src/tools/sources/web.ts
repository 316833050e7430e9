import { Failure } from '@reverie/contracts';
import { type Answer, fetchUntrusted, type PrivateHosts, RefusedTarget } from '@reverie/net';
import type { OpenPiece, Piece } from './download.ts';
import { refusalOf } from './web-refusal.ts';

export interface WebOptions {
  /** What may be reached besides the public internet. */
  privateHosts: PrivateHosts;
  maxBytes: number;
  signal: AbortSignal;
}

/** The whole of a connection is ended by the stage's own limit of four hours. */
const SECONDS = { connect: 15, idle: 30, total: 14_400 };

/** A file at an address that a caller named. */
export const webPieces = (url: string, { privateHosts, maxBytes, signal }: WebOptions): OpenPiece =>
  async function openPiece({ start, version }): Promise<Piece> {
    const answer = await fetchUntrusted(url, {
      method: 'GET',
      headers: {
        accept: '*/*',
        // Unpacking what a stranger packed is how a small file becomes an endless one.
        'accept-encoding': 'identity',
        'user-agent': 'reverie',
        // The rest, if the file is still the one we began with; otherwise all of the new one.
        ...(version !== undefined && start > 0 && { range: `bytes=${start}-`, 'if-range': version }),
      },
      allowed: privateHosts,
      maxBytes: maxBytes - start + 1, // one more than may come, so that too many are seen as such
      maxRedirects: 3,
      seconds: SECONDS,
      signal,
    }).catch(refused);
    try {
      if (start > 0 && !goesOn(answer, start, version)) {
        await answer[Symbol.asyncDispose]();
        return await openPiece({ start: 0, version: undefined });
      }
      const refusal = refusalOf(answer, start > 0 ? [200, 206] : [200]);
      if (refusal) throw refusal;
      const same = answer.status === 206;
      return {
        body: answer.body,
        start: same ? start : 0,
        bytes: sizeOf(answer),
        version: versionOf(answer) ?? (same ? version : undefined),
        close: async () => answer[Symbol.asyncDispose](),
      };
    } catch (error) {
      await answer[Symbol.asyncDispose]();
      throw error;
    }
  };

/** Whether the answer is one we can use: the rest of the same file, or all of one, or a refusal. Some servers send another range than was asked. */
function goesOn(answer: Answer, start: number, version: string | undefined): boolean {
  if (answer.status === 416) return false; // the file has become shorter
  if (answer.status !== 206) return true;
  const sent = rangeOf(answer);
  return sent?.start === start && (versionOf(answer) ?? version) === version;
}

function rangeOf({ headers }: Answer): { start: number; bytes: number | undefined } | undefined {
  const [, start, bytes] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(one(headers['content-range'])) ?? [];
  return start === undefined ? undefined : { start: Number(start), bytes: bytes === '*' ? undefined : Number(bytes) };
}

function sizeOf(answer: Answer): number | undefined {
  if (answer.status === 206) return rangeOf(answer)?.bytes;
  const length = one(answer.headers['content-length']);
  return /^\d+$/.test(length) ? Number(length) : undefined;
}

/** A weak tag says "much the same", which is not enough to put two halves together. */
function versionOf({ headers }: Answer): string | undefined {
  const tag = one(headers.etag);
  return tag.startsWith('"') ? tag : one(headers['last-modified']) || undefined;
}

const one = (header: string | string[] | undefined): string => (Array.isArray(header) ? header[0] : header) ?? '';

/** For `.catch`. A name nobody knows may be a name server that is away; every other refusal is for good. */
export function refused(error: unknown): never {
  if (!(error instanceof RefusedTarget)) throw error;
  const code = error.because === 'unresolved' ? 'source_unavailable' : 'source_refused';
  throw new Failure(code, error.message, { cause: error });
}
