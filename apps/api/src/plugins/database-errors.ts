import { Refusal } from '../refusal.ts';

/** Postgres is starting, stopping, full or unreachable: all of it passes, and the caller should come again. */
const AWAY = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|57P0[1-3]|57014|53[0-9A-Z]{3}|08[0-9A-Z]{3})$/;
const AWAY_MESSAGE =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/;

/** What a database error means to a caller; undefined when it is our own mistake. */
export function databaseRefusal(error: unknown): Refusal | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, constraint } = at as { code?: string; constraint?: string };
    if (at.name === 'MaxRetriesPerRequestError' || at.message === 'Connection is closed.') {
      return new Refusal(
        503,
        'queue_unavailable',
        'The queue cannot be reached just now. Jobs are safe; try again shortly.',
      );
    }
    if (constraint === 'jobs_one_live_per_subject') {
      return new Refusal(
        409,
        'already_running',
        'A job for this is already queued or running. Wait for it, or cancel it first.',
      );
    }
    if (code === '40P01' || code === '40001')
      return new Refusal(503, 'busy', 'Two requests were in each other’s way. Try again.');
    if (code === '22007' || code === '22008') return new Refusal(422, 'invalid_time', 'A time is out of range.');
    // NUL and lone surrogates are valid JSON and not valid text.
    if (code === '22P05' || code === '22021' || (code === '22P02' && /type json/.test(at.message)))
      return new Refusal(
        422,
        'invalid_text',
        'A text holds characters that cannot be stored (NUL or half a surrogate pair).',
      );
    if (code === '54001' || (at instanceof RangeError && /call stack/.test(at.message)))
      return new Refusal(422, 'too_deep', 'The body is nested too deep to be kept.');
    if ((code && AWAY.test(code)) || AWAY_MESSAGE.test(at.message)) {
      return new Refusal(
        503,
        'database_unavailable',
        'The database cannot be reached just now. Nothing was lost; try again shortly.',
      );
    }
  }
  return undefined;
}
