import { Failure, type FailureCode } from '@reverie/contracts';
import { APIConnectionError, APIError } from 'openai';

interface Asked {
  baseURL: string;
  model: string;
  /** Struck out wherever the provider repeats it. */
  apiKey: string;
  /** What the variables to look at begin with. */
  named: string;
  /** Set when our own patience ended. */
  seconds?: number;
}

/** What the provider did, in our words. The only place that knows how OpenAI's errors look. */
export function asFailure(error: unknown, asked: Asked): unknown {
  const host = URL.canParse(asked.baseURL) ? new URL(asked.baseURL).host : `${asked.named}_BASE_URL`;
  if (error instanceof Failure) return error;
  if (asked.seconds !== undefined) {
    return new Failure('provider_unavailable', `${host} gave no whole answer within ${asked.seconds} s`);
  }
  if (error instanceof APIError && typeof error.status === 'number') {
    const { code, advice } = verdict(error, asked);
    const said = clean(error.message, asked);
    // The error itself stays out: its body and headers are the provider's and may repeat what we sent.
    return new Failure(code, `${host} answered ${said}${advice}`, { retryAfterSeconds: retryAfter(error) });
  }
  if (error instanceof SyntaxError || error instanceof RangeError) {
    return new Failure('provider_nonsense', `${host} answered nonsense: ${clean(error.message, asked)}`);
  }
  if (error instanceof APIConnectionError || isCutOff(error)) {
    const why = clean(innermost(error), asked);
    return new Failure('provider_unavailable', `${host} cannot be reached (${why}); is ${asked.named}_BASE_URL right?`);
  }
  return error;
}

/** Which code a status means, and which setting to look at. */
function verdict({ status, code }: APIError, { model, named }: Asked): { code: FailureCode; advice: string } {
  // OpenAI says 429 here too, but waiting does not fill an account.
  if (code === 'insufficient_quota') return refused(`; the account behind ${named}_API_KEY has no credit left`);
  if (status === 401 || status === 403) return refused(`; check ${named}_API_KEY and that it may use "${model}"`);
  if (status === 404) return refused(`; check ${named}_BASE_URL and the model name "${model}"`);
  if (status === 429) return { code: 'provider_limit', advice: '' };
  if (status === 408 || status === 409 || status === 425 || status! >= 500) {
    return { code: 'provider_unavailable', advice: '' };
  }
  if (status! < 400) return refused(`; set ${named}_BASE_URL to where it leads in the end`);
  return refused(`; the request to "${model}" is not to its liking`);
}

const refused = (advice: string) => ({ code: 'provider_refused' as const, advice });

/** Seconds or a date, as RFC 9110 has it. More than an hour is taken for an hour. */
function retryAfter({ status, headers }: APIError): number | undefined {
  const given = status === 429 || status === 503 ? headers?.get('retry-after') : undefined;
  if (!given) return undefined;
  const seconds = Number.isNaN(Number(given)) ? (Date.parse(given) - Date.now()) / 1_000 : Number(given);
  return Number.isFinite(seconds) ? Math.min(3_600, Math.max(0, Math.ceil(seconds))) : undefined;
}

/** What undici throws when a connection ends in the middle of a body. */
const isCutOff = (error: unknown) =>
  error instanceof TypeError && (error.message === 'terminated' || error.message === 'fetch failed');

function innermost(error: unknown): string {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  if (!(at instanceof Error)) return String(at);
  return 'code' in at ? `${String(at.code)} ${at.message}`.trim() : at.message;
}

const clean = (text: string, { apiKey, named }: Asked) =>
  text.replaceAll(apiKey, `[${named}_API_KEY]`).replace(/\s+/g, ' ').slice(0, 500);
