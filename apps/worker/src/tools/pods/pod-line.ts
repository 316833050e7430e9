import { type PodRun, PodStatus, parsedJson } from '@reverie/contracts';
import { patientFetch } from '@reverie/net';
import { retryAfter } from '../services/service-call.ts';
import { firstBytes } from './first-bytes.ts';
import { MOST_KEPT_BYTES } from './kept-answer.ts';
import type { Answer, Pod, Standing } from './pod.ts';

/** A connection is tried for 10 s: what takes longer was connected, and says nothing. */
const STANDING_MS = 12_000;
const HEALTH_MS = 5_000;
const CALL_OFF_MS = 500;

/** How pods are asked. */
export interface PodLine {
  /** `GET /health` beside the run: well, or knows no such question. */
  isWell(pod: Pod): Promise<boolean>;
  standing(pod: Pod, jobId: string, signal: AbortSignal, ms?: number): Promise<Standing>;
  /** Held for as long as the run takes. */
  post(pod: Pod, run: PodRun, signal: AbortSignal): Promise<Answer>;
  /** Nobody waits for it any more. It may not know DELETE, or be gone: so be it. */
  callOff(pod: Pod, jobId: string): Promise<void>;
}

export function podLine(apiKey: string | undefined): PodLine {
  const ask = (address: string | URL, signal: AbortSignal, init: { method?: string; body?: string } = {}) =>
    patientFetch(address, {
      ...init,
      signal,
      redirect: 'manual',
      headers: {
        ...(init.body !== undefined && { 'content-type': 'application/json' }),
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      },
    });

  return {
    async isWell({ url }) {
      try {
        const answer = await ask(new URL('/health', url), AbortSignal.timeout(HEALTH_MS));
        await answer.body?.cancel();
        return answer.ok || answer.status === 404;
      } catch {
        return false;
      }
    },

    async standing({ url }, jobId, signal, ms = STANDING_MS) {
      const late = AbortSignal.timeout(ms);
      try {
        const answer = await ask(`${url}/${jobId}`, AbortSignal.any([signal, late]));
        return standingIn(answer.status, (await firstBytes(answer.body, MOST_KEPT_BYTES)).text);
      } catch {
        signal.throwIfAborted();
        return { at: late.aborted ? 'silent' : 'away' };
      }
    },

    async post({ url }, run, signal) {
      try {
        const answer = await ask(url, signal, { method: 'POST', body: JSON.stringify(run) });
        const said = await firstBytes(answer.body, MOST_KEPT_BYTES);
        return { kind: 'answered', status: answer.status, retryAfterSeconds: retryAfter(answer), ...said };
      } catch (error) {
        signal.throwIfAborted();
        return { kind: neverArrived(error) ? 'never arrived' : 'cut' };
      }
    },

    async callOff({ url }, jobId) {
      const answer = await ask(`${url}/${jobId}`, AbortSignal.timeout(CALL_OFF_MS), { method: 'DELETE' }).catch(
        () => undefined,
      );
      await answer?.body?.cancel().catch(() => {});
    },
  };
}

/** What stands before a pod answers 5xx for one that is not there. */
function standingIn(status: number, text: string): Standing {
  if (status >= 500) return { at: 'away' };
  if (status === 408 || status === 429) return { at: 'silent' };
  const said = PodStatus.safeParse(status >= 200 && status < 300 ? parsedJson(text) : undefined).data;
  if (!said) return { at: 'unknown' };
  if (said.status === 'running') return { at: 'running', progress: said.progress };
  return said.status === 'failed' ? { at: 'failed', error: said.error ?? '' } : { at: 'completed' };
}

/** No connection, no request: nothing can have begun. */
const neverArrived = (error: unknown): boolean =>
  NO_CONNECTION.has(((error as Error).cause as { code?: string } | undefined)?.code ?? '');
const NO_CONNECTION = new Set([
  ...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
]);
