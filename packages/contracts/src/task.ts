import { z } from 'zod';

/** The kinds of worker: `cpu` runs ffmpeg, `io` talks to models and moves files, `gpu` keeps pods busy. */
export const FLEETS = ['cpu', 'io', 'gpu'] as const;
export const Fleet = z.enum(FLEETS);
export type Fleet = z.infer<typeof Fleet>;

/**
 * waiting: the row is the outbox. dispatched: in a fleet's queue, or waiting there for its next try.
 * running: claimed by a worker. The other three are ends.
 */
export const TASK_STATUSES = ['waiting', 'dispatched', 'running', 'completed', 'failed', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** All that travels through the queue: which row to ask for. Redis holds nothing that could be lost or leaked. */
export const QueueEntry = z.object({
  task: z.uuid(),
  /** Counts the job's manual retries, so that an entry from before one is recognised as old. */
  run: z.int().min(0),
});
export type QueueEntry = z.infer<typeof QueueEntry>;
export const queueEntryId = ({ task, run }: QueueEntry) => `${task}.${run}`;

/** What a worker says when it takes a task. The same `claimId` again gets the same answer again. */
export const ClaimRequest = z.object({ claimId: z.uuid(), worker: z.string().min(1).max(200), run: z.int().min(0) });
export type ClaimRequest = z.infer<typeof ClaimRequest>;

/** A claimed task: the attempt is the fence that every later word about it must carry. */
export const Claim = z.object({
  taskId: z.uuid(),
  attempt: z.int().min(1),
  jobId: z.uuid(),
  pipeline: z.string(),
  stage: z.string(),
  part: z.int().min(0),
  /** The job's input and everything earlier stages gave, for the stage to pick from. */
  given: z.record(z.string(), z.unknown()),
  /** What a fan-out's part is about; absent for a plain step. */
  item: z.unknown().optional(),
  /** Where the report goes: the API's path. */
  reportTo: z.string(),
});
export type Claim = z.infer<typeof Claim>;
