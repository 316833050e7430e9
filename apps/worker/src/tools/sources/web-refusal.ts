import { Failure, type FailureCode } from '@reverie/contracts';
import type { Answer } from '@reverie/net';

/** Why an answer is not the file that was asked for; undefined when it may be. */
export function refusalOf({ url, status, headers }: Answer, good: readonly number[]): Failure | undefined {
  const host = new URL(url).host;
  if (!good.includes(status)) {
    const retryAfterSeconds = retryAfter(headers['retry-after']);
    return new Failure(codeOf(status), `${host} answered ${status} instead of a file`, { retryAfterSeconds });
  }
  const type = String(headers['content-type'] ?? '')
    .split(';')[0]!
    .trim()
    .toLowerCase();
  if (NEVER_MEDIA.test(type)) {
    return new Failure('source_not_media', `${host} sent ${type}: name the address of the video file itself`);
  }
  const packed = String(headers['content-encoding'] ?? 'identity');
  return packed === 'identity'
    ? undefined
    : new Failure('source_not_media', `${host} sends the file packed (${packed}), although it was asked not to`);
}

/**
 * Octet streams and files without a type may be anything: ffprobe finds out. So may what lists of types, Python's server among
 * those who read them, have for every name that ends in `.ts`: Qt's translations.
 */
const NEVER_MEDIA =
  /^(text(?!\/vnd\.trolltech\.linguist$)|image|font|model|message|multipart)\/|^application\/(json|xml|javascript|pdf|zip|gzip|.*\+(json|xml)|.*mpegurl)$|^audio\/.*mpegurl$/;

function codeOf(status: number): FailureCode {
  if ([401, 403, 404, 410, 204, 205].includes(status)) return 'source_missing';
  // 206: a part, where all of it was asked for. Such a server is not well.
  if ([206, 408, 425, 429].includes(status) || status >= 500) return 'source_unavailable';
  return 'source_refused';
}

/** Seconds or a date; more than an hour is taken for an hour. */
function retryAfter(header: string | string[] | undefined): number | undefined {
  const given = Array.isArray(header) ? header[0] : header;
  if (!given) return undefined;
  const seconds = Number.isNaN(Number(given)) ? (Date.parse(given) - Date.now()) / 1_000 : Number(given);
  return Number.isFinite(seconds) ? Math.min(3_600, Math.max(0, Math.ceil(seconds))) : undefined;
}
