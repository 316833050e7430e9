import type { Fleet, JobStatus, TaskStatus } from '@reverie/contracts';
import { and, count, inArray, not, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { jobs } from '../schema/jobs.ts';
import { tasks } from '../schema/tasks.ts';

/** Tasks that have not ended, by fleet and state, and how long the oldest has been there. */
export const backlog = (
  db: Sql,
): Promise<{ fleet: Fleet; status: TaskStatus; total: number; oldestSeconds: number }[]> =>
  db
    .select({
      fleet: tasks.fleet,
      status: tasks.status,
      total: count(),
      oldestSeconds: sql<number>`extract(epoch from now() - min(${tasks.createdAt}))::float`,
    })
    .from(tasks)
    .where(and(inArray(tasks.status, ['waiting', 'dispatched', 'running']), not(tasks.held)))
    .groupBy(tasks.fleet, tasks.status);

export const countByStatus = (db: Sql): Promise<{ pipeline: string; status: JobStatus; total: number }[]> =>
  db
    .select({ pipeline: jobs.pipeline, status: jobs.status, total: count() })
    .from(jobs)
    .groupBy(jobs.pipeline, jobs.status);
