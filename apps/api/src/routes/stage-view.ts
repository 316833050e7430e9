import { FailureReport, Fleet } from '@reverie/contracts';
import type { Attempt, Task } from '@reverie/db';
import type { Stage } from '@reverie/pipelines';
import { z } from 'zod';
import type { Hub } from '../hub.ts';
import { stageProgress } from '../jobs/progress.ts';
import { iso, Time } from './shapes.ts';

const AttemptView = z.object({
  attempt: z.int(),
  part: z.int(),
  worker: z.string(),
  outcome: z.string(),
  started_at: Time,
  ended_at: Time,
  error: FailureReport.nullable(),
});

export const StageView = z.object({
  name: z.string(),
  fleet: Fleet,
  state: z.enum(['pending', 'waiting', 'running', 'completed', 'skipped', 'failed', 'cancelled']),
  skipped_because: z.string().optional().describe('Why it was left out'),
  progress: z.number().describe('0 to 100; what was left out is done'),
  parts: z.object({ total: z.int(), completed: z.int() }),
  started_at: Time,
  ended_at: Time,
  attempts: z.array(AttemptView),
});
export type StageView = z.infer<typeof StageView>;

function stateOf(parts: readonly Task[]): StageView['state'] {
  const has = (...statuses: Task['status'][]) => parts.some((part) => statuses.includes(part.status));
  if (parts.length === 0) return 'pending';
  // While others are at it, one that has failed is not yet the end.
  if (has('running')) return 'running';
  if (has('waiting', 'dispatched')) return 'waiting';
  if (has('failed')) return 'failed';
  if (has('cancelled')) return 'cancelled';
  return parts[0]?.leftOut == null ? 'completed' : 'skipped';
}

/** One stage of a job, with everybody who tried. `attempts` are the job's. */
export function stageView(
  stage: Stage,
  parts: readonly Task[],
  { attempts, hub }: { attempts: readonly Attempt[]; hub: Hub },
): StageView {
  const partOf = new Map(parts.map((task) => [task.id, task.part]));
  const own = attempts.filter((attempt) => partOf.has(attempt.taskId));
  const state = stateOf(parts);
  const ends = parts.map((task) => task.endedAt?.getTime() ?? 0);
  const because = parts[0]?.leftOut;
  return {
    name: stage.name,
    fleet: stage.fleet,
    state,
    ...(because != null && { skipped_because: because }),
    progress: stageProgress(parts, hub),
    parts: { total: parts.length, completed: parts.filter((task) => task.status === 'completed').length },
    started_at: iso(own[0]?.startedAt ?? null),
    ended_at: ['completed', 'failed', 'cancelled'].includes(state) ? new Date(Math.max(...ends)).toISOString() : null,
    attempts: own.map((attempt) => ({
      attempt: attempt.attempt,
      part: partOf.get(attempt.taskId)!,
      worker: attempt.worker,
      outcome: attempt.outcome,
      started_at: iso(attempt.startedAt),
      ended_at: iso(attempt.endedAt),
      error: attempt.error,
    })),
  };
}
