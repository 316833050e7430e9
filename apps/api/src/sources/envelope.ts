import type { PrivateHosts } from '@reverie/net';
import { z } from 'zod';
import type { Submission } from '../jobs/submission.ts';
import { pointerTo, Refusal } from '../refusal.ts';
import { jobRequest, submissionOf } from '../routes/job-request.ts';
import { Instant } from '../routes/shapes.ts';

/**
 * A job as queues and webhooks bring it. A time that has passed is no mistake of whoever wrote it: the message may have
 * waited, and it may be here for the second time. Such a job comes in, and ends by its own rule.
 */
export const envelope = (allowed: PrivateHosts) =>
  jobRequest(allowed).extend({
    start_by: Instant.optional().describe('Not begun by then, it fails with not_started_in_time'),
    deadline: Instant.optional().describe('Not finished by then, it fails with job_timeout'),
    idempotency_key: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The same key again is the same job, whatever brings it; by default the id of the message'),
  });
type Envelope = z.infer<ReturnType<typeof envelope>>;

/** `key` is the message's own, where the envelope brings none. */
export const submissionIn = (
  { idempotency_key, ...request }: Envelope,
  { owner, key }: Pick<Submission, 'owner' | 'key'>,
): Submission => submissionOf(request, { owner, key: idempotency_key ?? key });

/** Reads what stands in an envelope, or says where it does not fit. */
export function readEnvelope<T>(schema: z.ZodType<T>, body: unknown): T {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const errors = read.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: 'there is no such field' }))
      : { pointer: pointerTo(issue.path), detail: issue.message },
  );
  throw new Refusal(422, 'invalid_request', 'This is no job that can be taken.', errors);
}
