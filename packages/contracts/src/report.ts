import { z } from 'zod';
import { FAILURES, type FailureCode } from './failures.ts';

/** A failure as it is told, stored and shown. */
export const FailureReport = z.object({
  code: z.enum(Object.keys(FAILURES) as [FailureCode, ...FailureCode[]]),
  message: z.string().max(4_000),
  command: z.string().max(20_000).optional().describe('The exact command that failed, ready to paste'),
  log: z.string().max(40_000).optional().describe('The end of what the command said'),
  retry_after_seconds: z
    .number()
    .min(0)
    .max(86_400)
    .optional()
    .describe('When whoever is too busy wants to be asked again'),
});
export type FailureReport = z.infer<typeof FailureReport>;

/** What a worker tells the API when a task ends. `released`: handed back untouched, no attempt charged. */
export const Report = z.discriminatedUnion('status', [
  z.object({ status: z.literal('completed'), output: z.record(z.string(), z.unknown()) }),
  z.object({ status: z.literal('failed'), error: FailureReport }),
  z.object({ status: z.literal('released') }),
]);
export type Report = z.infer<typeof Report>;

/** What the API made of it. `retry`: try again later; `stale`: somebody else holds the task now, forget it. */
export const Verdict = z.object({
  verdict: z.enum(['accepted', 'replayed', 'retry', 'stale']),
  after_ms: z.int().min(0).optional().describe('With `retry`: how long the queue is to wait'),
});
export type Verdict = z.infer<typeof Verdict>;

/** The fence travels in the signed `webhook-id`, so that a document's body stays exactly the document's. */
export const reportId = {
  build: (at: { taskId: string; attempt: number }, status: Report['status']) => `${at.taskId}.${at.attempt}.${status}`,
  parse: (id: string): { taskId: string; attempt: number } | undefined => {
    const match = /^([0-9a-f-]{36})\.([1-9]\d{0,8})\.(completed|failed|released)$/.exec(id);
    return match ? { taskId: match[1]!, attempt: Number(match[2]) } : undefined;
  },
};

/** A worker's sign of life: how many tasks of a fleet it can hold at once. */
export const WorkerSign = z.object({
  worker: z.string().min(1).max(200),
  fleets: z.array(z.object({ fleet: z.string(), slots: z.int().min(0), busy: z.int().min(0) })),
  /** What it can do because somebody has set it up. A newer worker may know more than this API. */
  abilities: z.array(z.string().max(100)).max(100).default([]),
  stopping: z.boolean(),
});
export type WorkerSign = z.input<typeof WorkerSign>;

/** What travels as BullMQ progress. */
export const TaskProgress = z.object({ attempt: z.int(), percent: z.number().min(0).max(100) });
export type TaskProgress = z.infer<typeof TaskProgress>;

/** A worker asks for one of these pods, which it has found well, in the order in which it would like them. */
export const PodRequest = z.object({
  attempt: z.int().min(1),
  pods: z.array(z.string().min(1).max(2_000)).min(1).max(100),
});
export const PodGiven = z.object({ pod: z.string().nullable().describe('null: somebody is at each of them') });
