import { setTimeout as sleep } from 'node:timers/promises';
import { FAILURES, Failure } from '@reverie/contracts';
import { patientFetch } from '@reverie/net';
import { boundedText } from './service-answer.ts';

/** One of document 004's services, and how it is asked. */
export interface ServiceDoor {
  url: string;
  /** The variable that names it, for whoever has to look. */
  named: string;
  /** How often a call is repeated that may go better the next time. */
  retries: number;
  backoffSeconds: number;
}

interface Question<T> {
  method: 'GET' | 'POST' | 'DELETE';
  /** Made anew for every try. */
  body?: (() => Promise<FormData | string>) | undefined;
  read(answer: Response): Promise<T>;
  /** What it means that there is no such thing, where that is more than a refusal. */
  missing?: Failure;
}

const LONGEST_BACKOFF_SECONDS = 300;
/** Whoever wants to be left alone for longer is asked again by the queue, and the worker does something else. */
const LONGEST_RETRY_AFTER_SECONDS = 60;

/** Asks a service, and again after a 5xx, a limit or no answer at all. What it refuses it would refuse again. */
export async function callService<T>(
  door: ServiceDoor,
  path: string,
  question: Question<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await callOnce(door, path, question, signal);
    } catch (why) {
      signal.throwIfAborted();
      if (tries >= door.retries || !mayPass(why)) throw why;
      const backoff = Math.min(LONGEST_BACKOFF_SECONDS, door.backoffSeconds * 2 ** tries) * Math.random();
      await sleep((why.retryAfterSeconds ?? backoff) * 1_000, undefined, { signal });
    }
  }
}

const mayPass = (why: unknown): why is Failure =>
  why instanceof Failure &&
  FAILURES[why.code].retry !== 'never' &&
  (why.retryAfterSeconds ?? 0) <= LONGEST_RETRY_AFTER_SECONDS;

async function callOnce<T>(door: ServiceDoor, path: string, question: Question<T>, signal: AbortSignal): Promise<T> {
  const body = await question.body?.();
  try {
    const answer = await patientFetch(`${door.url}${path}`, {
      method: question.method,
      signal,
      redirect: 'manual',
      ...(body !== undefined && { body }),
      ...(typeof body === 'string' && { headers: { 'content-type': 'application/json' } }),
    });
    if (question.missing && [404, 410].includes(answer.status)) throw question.missing;
    if (!answer.ok) throw await refusalOf(answer, door);
    return await question.read(answer);
  } catch (why) {
    if (why instanceof Failure || signal.aborted) throw why;
    throw new Failure('provider_unavailable', `${hostOf(door)} gave no whole answer; is ${door.named} right?`, {
      cause: why,
    });
  }
}

/** What a status that is not 2xx means. */
export async function refusalOf(answer: Response, door: Pick<ServiceDoor, 'url' | 'named'>): Promise<Failure> {
  const said = (await boundedText(answer, 2_000).catch(() => '')).replace(/\s+/g, ' ').trim().slice(0, 300);
  const told = `${hostOf(door)} answered ${answer.status}${said && `: ${said}`}`;
  const { status } = answer;
  if (status === 429) {
    return new Failure('provider_limit', told, { retryAfterSeconds: retryAfter(answer) });
  }
  if (status >= 500 || status === 408 || status === 425) {
    return new Failure('provider_unavailable', told, { retryAfterSeconds: retryAfter(answer) });
  }
  return new Failure('provider_refused', `${told}; check ${door.named}`);
}

/** How many seconds somebody wants to be left alone, if he says so. */
export function retryAfter({ headers }: Response): number | undefined {
  const given = headers.get('retry-after');
  if (!given) return undefined;
  const seconds = Number.isNaN(Number(given)) ? (Date.parse(given) - Date.now()) / 1_000 : Number(given);
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

/** The host alone: an address may carry a password. */
export const hostOf = ({ url }: Pick<ServiceDoor, 'url'>): string => new URL(url).host;
