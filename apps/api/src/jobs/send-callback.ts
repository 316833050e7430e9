import type { Due } from '@reverie/db';
import { fetchUntrusted, type PrivateHosts, type Resolve } from '@reverie/net';
import { Webhook } from 'standardwebhooks';
import { version } from '../version.ts';
import { retryAfterSeconds, type Said } from './callback-schedule.ts';

/** What is needed to call somebody back. */
export interface Post {
  publicUrl: string;
  allowed: PrivateHosts;
  /** What signs for a job's `callback_url`. */
  ownerSecrets(owner: string): string[];
  /** For tests: another name server. */
  resolve?: Resolve;
}

const SECONDS = { connect: 10, idle: 15, total: 15 };
/** Nobody reads what a receiver says beyond its status; it may finish saying it. */
const ANSWER_BYTES = 64 * 1024;

/** The same bytes at every try: all of it stands in the row. */
function bodyOf({ type, createdAt, sequence, payload, jobId }: Due, { publicUrl }: Post): string {
  const links = jobId === null ? {} : { links: { job: `${publicUrl}/jobs/${jobId}` } };
  return JSON.stringify({ type, timestamp: createdAt.toISOString(), sequence, data: { ...payload, ...links } });
}

/** One try. Whatever happens is an answer; only being told to stop is not. */
export async function sendCallback(due: Due, post: Post, signal: AbortSignal): Promise<Said> {
  const started = performance.now();
  const took = () => Math.round(performance.now() - started);
  const body = bodyOf(due, post);
  const now = new Date();
  const secrets = due.secrets.length > 0 ? due.secrets : post.ownerSecrets(due.owner);
  let httpStatus: number | null = null;
  try {
    await using answer = await fetchUntrusted(due.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': `Reverie/${version}`,
        'webhook-id': due.id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(due.id, now, body)).join(' '),
      },
      body,
      allowed: post.allowed,
      maxBytes: ANSWER_BYTES,
      maxRedirects: 0,
      seconds: SECONDS,
      signal,
      ...(post.resolve && { resolve: post.resolve }),
    });
    httpStatus = answer.status;
    for await (const _ of answer.body); // an answer counts when it is whole
    const { 'retry-after': retryAfter, date } = answer.headers;
    return {
      httpStatus,
      error:
        httpStatus >= 300 && httpStatus < 400 ? 'A redirect is a failure: register the address it leads to.' : null,
      ms: took(),
      retryAfterSeconds: retryAfterSeconds(retryAfter, date),
    };
  } catch (error) {
    if (signal.aborted) throw error;
    return { httpStatus, error: reason(error as Error), ms: took() };
  }
}

function reason(error: Error & { code?: string }): string {
  if (error.name === 'TimeoutError') return `No complete answer within ${SECONDS.total} s.`;
  return (error.code ? `${error.code}: ${error.message}` : error.message).slice(0, 500);
}
