import { z } from 'zod';
import { JobStatus } from './job.ts';

/** What callers can be told of. There is no `job.queued`: the 202 has said so. */
export const CALLBACK_EVENTS = [
  'job.processing',
  'preview.ready',
  'job.completed',
  'job.failed',
  'job.cancelled',
  'job.retried',
] as const;
export const CallbackEvent = z.enum(CALLBACK_EVENTS);
export type CallbackEvent = z.infer<typeof CallbackEvent>;

/** Sent when somebody asks for it, whatever an endpoint's filter says. */
export const PING = 'endpoint.ping';

/** What a callback says of its job. No secrets, and no link that would have expired by the time it arrives. */
export const CallbackJob = z.object({
  job_id: z.uuid(),
  pipeline: z.string(),
  status: JobStatus,
  run: z.int().describe('Counts retries by hand'),
  subject: z.uuid().nullable().describe('The row the job works for, such as a dream'),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  metadata_left_out: z.literal(true).optional().describe('It was longer than 10 kB; the job itself has it'),
  error: z.object({ code: z.string(), stage: z.string(), message: z.string() }).optional(),
});
export type CallbackJob = z.infer<typeof CallbackJob>;

const told = {
  timestamp: z.iso.datetime().describe('When it happened; `webhook-timestamp` is when it was sent'),
  sequence: z.int().describe('Rises with every callback: the higher one is the newer word about a job'),
};

/** The body of a callback. */
export const Callback = z.discriminatedUnion('type', [
  z.object({
    type: CallbackEvent,
    ...told,
    data: CallbackJob.extend({ links: z.object({ job: z.url().describe('Everything there is to know') }) }),
  }),
  z.object({ type: z.literal(PING), ...told, data: z.object({ endpoint_id: z.uuid() }) }),
]);
export type Callback = z.infer<typeof Callback>;
