import type { JobStatus, TaskStatus } from '@reverie/contracts';
import type pg from 'pg';

/** Everything the database says about one job. */
export interface Snapshot {
  job: { status: JobStatus; run: number; ended_at: string | null };
  subject: { video_job_id: string; video_status: JobStatus; video_url: string | null } | null;
  tasks: {
    id: string;
    stage: string;
    part: number;
    status: TaskStatus;
    run: number;
    attempt: number;
    retry_at: unknown;
    output: unknown;
  }[];
  attempts: { task_id: string; attempt: number; outcome: string }[];
  /** How many there are of each type. */
  events: Record<string, number>;
}

const EVERYTHING = `
  select (select row_to_json(j) from (select status, run, ended_at from jobs where id = $1) j) as job,
    (select row_to_json(d) from (select video_job_id, video_status, video_url from dreams where id = (select subject from jobs where id = $1)) d) as subject,
    (select coalesce(json_agg(t order by t.stage, t.part), '[]') from (
       select id, stage, part, status, run, attempt, failures, crashes, output, error, retry_at from tasks where job_id = $1) t) as tasks,
    (select coalesce(json_agg(a order by a.task_id, a.attempt), '[]') from (
       select task_id, attempt, outcome from attempts where task_id in (select id from tasks where job_id = $1)) a) as attempts,
    (select coalesce(json_object_agg(type, total), '{}') from (
       select type, count(*)::int as total from events where job_id = $1 group by type) e) as events`;

export async function snapshot(client: Pick<pg.Client, 'query'>, jobId: string): Promise<Snapshot> {
  const { rows } = await client.query({ name: 'snapshot', text: EVERYTHING, values: [jobId] });
  return rows[0] as Snapshot;
}
