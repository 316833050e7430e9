import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  asVideoComplete,
  Claim,
  type ClaimRequest,
  PodGiven,
  type PodRequest,
  Problem,
  type QueueEntry,
  type Report,
  reportId,
  Verdict,
  type WorkerSign,
} from '@reverie/contracts';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

export interface ApiOptions {
  /** Told when the API has been away for a few tries, and then now and then. */
  onAway(error: Error): void;
  apiUrl: string;
  reportSecret: string;
  apiKey?: string | undefined;
}

/** The API as a worker sees it: four things to say, each until it was heard. */
export interface Api {
  /** Undefined: there is nothing to do (any more). */
  claim(entry: QueueEntry, worker: string, signal: AbortSignal): Promise<Claim | undefined>;
  /** Undefined: the attempt is stale. */
  report(claim: Claim, report: Report, signal: AbortSignal): Promise<Verdict | undefined>;
  /** One of these pods that nobody is at, for this attempt; null: there is none just now. Undefined: the attempt is stale. */
  takePod(claim: Claim, pods: string[], signal: AbortSignal): Promise<{ pod: string | null } | undefined>;
  sign(sign: WorkerSign): Promise<void>;
}

/** The API refused, and would refuse the same again. */
export class Refused extends Error {}

const Anything = z.unknown();
/** Longer than any statement the API lets run; what has not answered by then never will. */
const TIMEOUT_MS = 8_000;
const MOST_WAIT_MS = 5_000;

export function apiOf({ apiUrl, reportSecret, apiKey, onAway }: ApiOptions): Api {
  const webhook = new Webhook(reportSecret);
  // When the API says that this clock is wrong, its own decides.
  let skewMs = 0;

  async function once<T>(
    path: string,
    id: string,
    body: string,
    answer: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const at = new Date(Date.now() + skewMs);
    const response = await fetch(`${apiUrl}${path}`, {
      method: 'POST',
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': webhook.sign(id, at, body),
        ...(apiKey && { authorization: `Bearer ${apiKey}` }),
      },
    });
    if (response.ok) return answer.parse(await response.json());
    if (response.status === 409) return void (await response.body?.cancel());
    const problem = Problem.safeParse(await response.json().catch(() => undefined));
    const said = problem.success ? problem.data.detail : `HTTP ${response.status}`;
    if (response.status === 401) {
      const theirs = Date.parse(response.headers.get('date') ?? '');
      if (Math.abs(theirs - at.getTime()) > 60_000) {
        skewMs = theirs - Date.now();
        throw new Error(said);
      }
    }
    if (response.status < 500 && response.status !== 429 && response.status !== 408) throw new Refused(said);
    throw new Error(said);
  }

  /** Again and again, however long the API is away; only `signal` and a refusal end it. */
  async function tell<T>(
    path: string,
    id: string,
    body: unknown,
    answer: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<T | undefined> {
    const text = JSON.stringify(body);
    for (let tries = 0; ; tries++) {
      try {
        return await once(path, id, text, answer, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof Refused) throw error;
        if (tries % 10 === 3) onAway(error as Error);
        await sleep(Math.random() * Math.min(MOST_WAIT_MS, 200 * 2 ** tries), undefined, { signal });
      }
    }
  }

  return {
    claim(entry, worker, signal) {
      const request: ClaimRequest = { claimId: randomUUID(), worker, run: entry.run };
      return tell(`/reports/${entry.task}/claim`, `${entry.task}.claim.${request.claimId}`, request, Claim, signal);
    },
    async report(claim, report, signal) {
      const { path, body } = addressed(apiUrl, claim, report);
      return tell(path, reportId.build(claim, report.status), body, Verdict, signal);
    },
    takePod({ taskId, attempt }, pods, signal) {
      const request: z.infer<typeof PodRequest> = { attempt, pods };
      return tell(`/reports/${taskId}/pod`, `${taskId}.${attempt}.pod`, request, PodGiven, signal);
    },
    async sign(sign) {
      const body = JSON.stringify(sign);
      await once('/reports/workers', `${sign.worker}.${Date.now()}`, body, Anything, AbortSignal.timeout(TIMEOUT_MS));
    },
  };
}

/** Document 001 words the dream's last report in its own way; everything else is told as it is. */
function addressed(apiUrl: string, claim: Claim, report: Report): { path: string; body: unknown } {
  const inDocumentsWords = claim.reportTo.endsWith('/video-complete') && report.status !== 'released';
  if (inDocumentsWords) return { path: claim.reportTo, body: asVideoComplete(report, apiUrl) };
  return { path: `/reports/${claim.taskId}`, body: report };
}
