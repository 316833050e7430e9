import { Priority } from '@reverie/contracts';
import type { PrivateHosts } from '@reverie/net';
import { PIPELINES } from '@reverie/pipelines';
import { z } from 'zod';
import type { Submission } from '../jobs/submission.ts';
import { CallbackUrl } from './callback-url.ts';
import { Future } from './shapes.ts';

export const PIPELINE_NAMES = PIPELINES.map(({ name }) => name) as [string, ...string[]];

/** A job as whoever wants it writes it: the body of POST /jobs, and the envelope in which queues and webhooks bring one. */
export const jobRequest = (allowed: PrivateHosts) =>
  z.strictObject({
    pipeline: z
      .enum(PIPELINE_NAMES)
      .describe(PIPELINES.map(({ name, summary }) => `\`${name}\`: ${summary}`).join('\n')),
    input: z.record(z.string(), z.unknown()).describe("The pipeline's input; its shape is in docs/pipelines.md"),
    priority: Priority.default('normal'),
    held: z.boolean().optional().describe('Submitted, but not dispatched before it is released'),
    start_by: Future.optional().describe('Not begun by then, it fails with not_started_in_time'),
    deadline: Future.optional().describe('Not finished by then, it fails with job_timeout'),
    metadata: z.record(z.string().max(100), z.unknown()).optional().describe('Given back untouched with the job'),
    callback_url: CallbackUrl(allowed).optional(),
  });
type JobRequest = z.infer<ReturnType<typeof jobRequest>>;

export function submissionOf(
  { start_by, deadline, callback_url: callbackUrl, ...same }: JobRequest,
  by: Pick<Submission, 'owner' | 'key'>,
): Submission {
  const date = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
  return { ...same, ...by, callbackUrl, startBy: date(start_by), deadline: date(deadline) };
}
