import { Problem } from '@reverie/contracts';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';

export const IdParams = z.object({ id: z.uuid() });

export const IdempotencyHeaders = z.object({
  'idempotency-key': z.string().min(1).max(255).optional().describe('The same key again answers with the same job'),
});

/** Standard Webhooks; that they are there and right is the signature check's to say, with 401. */
export const SignedHeaders = z.object({
  'webhook-id': z.string().max(300),
  'webhook-timestamp': z.string().max(20),
  'webhook-signature': z.string().max(2_000),
});

/** The errors any route can answer with, for the OpenAPI document. */
export const problemsOf = <Codes extends number>(...codes: Codes[]) =>
  Object.fromEntries(codes.map((code) => [code, Problem])) as Record<Codes, typeof Problem>;

/** An instant Postgres and people can both read: with its offset applied, of the years 1970 to 2999. */
export const Instant = z.iso.datetime({ offset: true }).refine(isSensible, 'must be of the years 1970 to 2999');

function isSensible(text: string | Date): boolean {
  const year = new Date(text).getUTCFullYear();
  return year >= 1970 && year < 3000;
}

/** A time in an answer; null: not yet, or never. */
export const Time = z.iso.datetime().nullable();
export const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** For what a caller wants to happen by a time: that it is over already is a mistake of his. */
export const Future = Instant.refine((text) => new Date(text).getTime() > Date.now(), 'has passed already');

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the page before'),
});

/** Where a page ends: the last row's time and id. Opaque to callers. */
export const cursorOf = (row: { createdAt: Date; id: string } | undefined): string | null =>
  row ? Buffer.from(`${row.createdAt.toISOString()} ${row.id}`).toString('base64url') : null;

export function readCursor(cursor: string | undefined): { createdAt: Date; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [time, id] = Buffer.from(cursor, 'base64url').toString().split(' ');
  const createdAt = new Date(time ?? '');
  if (!isSensible(createdAt) || !z.uuid().safeParse(id).success) {
    throw new Refusal(422, 'bad_cursor', 'This cursor is not one of ours. Begin without one.', [
      { pointer: '/query/cursor', detail: 'unknown' },
    ]);
  }
  return { createdAt, id: id! };
}
