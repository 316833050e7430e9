import { z } from 'zod';

export const JOB_STATUSES = ['queued', 'processing', 'completed', 'failed', 'cancelled'] as const;
export const JobStatus = z.enum(JOB_STATUSES);
export type JobStatus = z.infer<typeof JobStatus>;

/** The life of a job, and the only moves there are. */
export const JOB_MOVES = {
  queued: ['processing', 'failed', 'cancelled'],
  processing: ['completed', 'failed', 'cancelled'],
  completed: [],
  failed: ['queued'],
  cancelled: ['queued'],
} as const satisfies Record<JobStatus, readonly JobStatus[]>;

/** For the WHERE of an UPDATE, so that two processes cannot both make the same move. */
export const mayBecome = (to: JobStatus): JobStatus[] =>
  JOB_STATUSES.filter((from) => (JOB_MOVES[from] as readonly JobStatus[]).includes(to));

/** A job that has ended stays as it is until somebody asks for a retry. */
export const ENDED = ['completed', 'failed', 'cancelled'] as const satisfies readonly JobStatus[];
export const hasEnded = (status: JobStatus): boolean => (ENDED as readonly JobStatus[]).includes(status);

export const PRIORITIES = ['high', 'normal', 'low'] as const;
export const Priority = z.enum(PRIORITIES);
export type Priority = z.infer<typeof Priority>;
