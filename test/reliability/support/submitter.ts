import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from './ledger.ts';
import type { Rng } from './rng.ts';

export interface SubmitOptions {
  url: string;
  ledger: Ledger;
  key: string;
  input?: Record<string, unknown>;
  pipeline?: string;
  priority?: 'high' | 'normal' | 'low';
  /** Gives up on an answer after so long; the key makes asking again safe. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** Submits as a careful caller does: with a key, again and again until it is told an id. */
export async function submitJob({ url, ledger, key, input = {}, timeoutMs = 10_000, ...rest }: SubmitOptions) {
  const { pipeline = 'selftest', priority = 'normal', signal } = rest;
  const body = JSON.stringify({ pipeline, priority, input });
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  for (let tries = 0; ; tries++) {
    signal?.throwIfAborted();
    const began = performance.now();
    try {
      const response = await fetch(`${url}/jobs`, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const answer = (await response.json()) as { job_id?: string; detail?: string };
      if ((response.status === 202 || response.status === 200) && answer.job_id) {
        ledger.accepted.push({ key, id: answer.job_id, status: response.status, ms: performance.now() - began });
        return answer.job_id;
      }
      if (response.status < 500 && response.status !== 429)
        throw new Refused(`a submit was answered ${response.status}: ${answer.detail}`);
    } catch (error) {
      if (error instanceof Refused) throw error;
    }
    await sleep(Math.min(1_000, 50 * 2 ** tries));
  }
}

class Refused extends Error {}

export interface LoadOptions {
  url: string;
  ledger: Ledger;
  rng: Rng;
  jobs: number;
  /** Requests at once. */
  abreast?: number;
  /** Spread over so long; 0 is as fast as it goes. */
  overMs?: number;
  input?: (rng: Rng) => Record<string, unknown>;
  /** How many of the keys are sent a second time. */
  again?: number;
  prefix?: string;
}

export const tiny = (rng: Rng) => ({ bytes: rng.int(1, 2_000), parts: rng.int(1, 3) });

/** Submits many. Some are sent twice, and must be the same job. */
export async function submitMany(options: LoadOptions): Promise<void> {
  const { url, ledger, rng, jobs, abreast = 8, overMs = 0, input = tiny, again = 0.03, prefix = 'job' } = options;
  const began = performance.now();
  let next = 0;
  const caller = async () => {
    while (next < jobs) {
      const n = next++;
      const due = began + (n / jobs) * overMs - performance.now();
      if (due > 0) await sleep(due);
      const one = { url, ledger, key: `${prefix}-${rng.seed}-${n}`, input: input(rng) };
      await submitJob(one);
      if (rng.chance(again)) await submitJob(one);
    }
  };
  await Promise.all(Array.from({ length: abreast }, caller));
}
