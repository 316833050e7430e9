import { eventually } from '../../support/eventually.ts';
import type { Cluster } from './cluster.ts';

interface TaskRow {
  id: string;
  stage: string;
  part: number;
  status: string;
  run: number;
  attempt: number;
  worker: string | null;
  output: Record<string, unknown> | null;
}

/** A job's tasks, oldest first. */
export const tasksOf = async ({ db }: Cluster, jobId: string): Promise<TaskRow[]> =>
  (
    await db.query<TaskRow>(
      'select id, stage, part, status, run, attempt, worker, output from tasks where job_id = $1 order by created_at, part',
      [jobId],
    )
  ).rows;

export const statusOf = async ({ db }: Cluster, jobId: string): Promise<string | undefined> =>
  (await db.query<{ status: string }>('select status from jobs where id = $1', [jobId])).rows[0]?.status;

export const ended = (cluster: Cluster, jobId: string, seconds = 60): Promise<string> =>
  eventually(
    `job ${jobId} to end`,
    async () => {
      const status = await statusOf(cluster, jobId);
      return status !== undefined && !['queued', 'processing'].includes(status) ? status : undefined;
    },
    { seconds },
  );

/** The task of a stage that a worker has, once one has it. */
export const running = (cluster: Cluster, jobId: string, stage: string, seconds = 60): Promise<TaskRow> =>
  eventually(
    `a worker to have ${stage}`,
    async () => (await tasksOf(cluster, jobId)).find((task) => task.stage === stage && task.status === 'running'),
    { seconds },
  );

/** Which member a worker's name in a row is: it has its process in it. */
export const memberOf = ({ workers }: Cluster, worker: string | null) =>
  workers.find(({ pid }) => pid !== undefined && worker?.includes(`-${pid}-`));
