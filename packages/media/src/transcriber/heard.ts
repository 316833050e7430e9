import { Failure, type Segment } from '@reverie/contracts';
import { z } from 'zod';
import { tidy } from '../words/cut-text.ts';
import type { Piece } from './piece.ts';
import { spreadText } from './spread-text.ts';

/** What transcription servers answer, as far as we read it (`verbose_json`, `json`, document 004's `/transcription`). */
export const HeardAnswer = z.object({
  language: z.string().trim().min(1).max(100).nullish().catch(undefined),
  text: z.string().nullish(),
  segments: z.array(z.object({ start: z.number(), end: z.number(), text: z.string() })).nullish(),
});

/** Whisper listens to half a minute at a time and may name a time in it that is behind the end of what there is. */
const BEYOND_SECONDS = 30;
/** A shorter subtitle cannot be seen. */
const SHORTEST_SECONDS = 0.05;

/** Segments within the piece, in order and without overlaps, whatever the server made of them; or `provider_nonsense`. */
export function readHeard(answer: unknown, piece: Pick<Piece, 'seconds' | 'rests'>, who: string) {
  const read = HeardAnswer.safeParse(answer);
  if (!read.success) throw nonsense(who, z.prettifyError(read.error).slice(0, 500));
  const { language, segments, text } = read.data;
  for (const { start, end } of segments ?? []) {
    if (end < start) throw nonsense(who, `something was said from ${start} s to ${end} s`);
    if (start > piece.seconds + BEYOND_SECONDS || end < 0)
      throw nonsense(who, `something was said at ${start} s of ${piece.seconds} s`);
  }
  const timed = inOrder(segments ?? [], piece.seconds);
  return { language: language ?? undefined, segments: timed.length > 0 ? timed : spreadText(plain(text ?? ''), piece) };
}

function inOrder(segments: readonly Segment[], seconds: number): Segment[] {
  const mended: Segment[] = [];
  for (const { start, end, text } of segments.toSorted((a, b) => a.start - b.start)) {
    const said = plain(text);
    if (said === '') continue;
    const before = mended.at(-1);
    const from = Math.min(seconds, Math.max(start, before?.end ?? 0));
    const until = Math.min(seconds, end);
    if (before && until - from < SHORTEST_SECONDS) before.text += ` ${said}`;
    else mended.push({ text: said, start: from, end: Math.max(until, Math.min(seconds, from + SHORTEST_SECONDS)) });
  }
  return mended;
}

/** Postgres stores no NUL, and half a surrogate pair is no text. */
export const plain = (text: string): string => tidy(text.replace(/[\p{Cc}\p{Cs}]/gu, ' '));

const nonsense = (who: string, why: string) =>
  new Failure('provider_nonsense', `what ${who} heard makes no sense: ${why}`);
