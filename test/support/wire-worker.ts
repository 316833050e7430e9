import { randomUUID } from 'node:crypto';
import type { Claim, Report } from '@reverie/contracts';
import { Webhook } from 'standardwebhooks';
import { type Answer, clientOf } from './client.ts';

/** Speaks as a worker does on the wire, one word at a time: for what a real one would never say, or never so late. */
export function wireWorker(url: string, secret: string) {
  const call = clientOf(url);
  const webhook = new Webhook(secret);

  function signed<T>(path: string, id: string, body: unknown, at = new Date()): Promise<Answer<T>> {
    const text = JSON.stringify(body);
    return call<T>('POST', path, text, {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': webhook.sign(id, at, text),
    });
  }
  return {
    signed,
    claim: (task: string, { claimId = randomUUID(), run = 0, worker = 'wire' } = {}) =>
      signed<Claim>(`/reports/${task}/claim`, `${task}.claim.${claimId}`, { claimId, run, worker }),
    report: (at: { taskId: string; attempt: number }, report: Report) =>
      signed<{ verdict?: string; code?: string }>(
        `/reports/${at.taskId}`,
        `${at.taskId}.${at.attempt}.${report.status}`,
        report,
      ),
  };
}
