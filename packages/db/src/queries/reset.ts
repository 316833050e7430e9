import { ARTIFACT_FOLDERS } from '@reverie/contracts';
import { sql } from 'drizzle-orm';
import type { Tx } from '../open.ts';
import type { Task } from './tasks.ts';
import type { Upload } from './uploads.ts';

/** What a factory reset empties. What else there is, it keeps: keys, endpoints, lanes, abilities, live workers, the audit. */
export const EMPTIED = [
  ...['jobs', 'tasks', 'attempts', 'artifacts', 'events', 'deliveries', 'delivery_tries', 'leftovers', 'uploads'],
  ...['pods', 'posts', 'segment_completions'],
  ...['dreams', 'videos', 'scenes', 'frames', 'frame_captions', 'transcript_segments', 'moments'],
] as const;

const these = sql.raw(EMPTIED.join(', '));

/** Nobody reads or writes a job until the transaction ends. Says how many there are that have not ended. */
export async function holdEverything(tx: Tx): Promise<{ jobs: number; live: number }> {
  await tx.execute(sql`lock table ${these}, endpoints in access exclusive mode`);
  const { rows } = await tx.execute<{ jobs: number; live: number }>(sql`
    select (select count(*)::int from jobs) as jobs,
           (select count(*)::int from jobs where status in ('queued', 'processing')) as live`);
  return rows[0]!;
}

export interface Emptied {
  /** Tasks there were, by stage. */
  tasks: Map<string, number>;
  /** What workers were at, to be told. */
  running: Pick<Task, 'id' | 'run' | 'fleet'>[];
  /** What was on its way here: only its token leads to the parts that have come. */
  uploads: Pick<Upload, 'id' | 'token'>[];
}

/** Truncated, not deleted: a million jobs go in a moment. Their files are noted as left over. The caller holds everything. */
export async function emptyEverything(tx: Tx): Promise<Emptied> {
  const { rows: tasks } = await tx.execute<{ stage: string; total: number }>(
    sql`select stage, count(*)::int as total from tasks group by stage`,
  );
  const { rows: running } = await tx.execute<Emptied['running'][number]>(
    sql`select id, run, fleet from tasks where status in ('dispatched', 'running')`,
  );
  const { rows: uploads } = await tx.execute<Emptied['uploads'][number]>(
    sql`select id, token from uploads where status <> 'complete'`,
  );
  // Truncating fires no trigger, and whoever follows one of them would wait for ever.
  await tx.execute(
    sql`select pg_notify('reverie_events', id::text) from jobs where status in ('queued', 'processing')`,
  );
  // These two lie in folders that are not ours alone.
  await tx.execute(sql`create temporary table elsewhere on commit drop as
    select 'segments/' || id || '/' as prefix from jobs where pipeline = 'segments' and input ? 'sourceUrl'
    union select output ->> 'prefix' || '/' from tasks where pipeline = 'subtitles' and output ->> 'prefix' is not null`);
  // Endpoints that callers have set up outlive the jobs, and truncating jobs takes everything that refers to them.
  await tx.execute(sql`create temporary table kept on commit drop as select * from endpoints where job_id is null`);
  await tx.execute(sql`truncate ${these}, endpoints`);
  await tx.execute(sql`insert into endpoints select * from kept`);
  const folders = sql.join(
    ARTIFACT_FOLDERS.map((folder) => sql`(${`${folder}/`}, now() + interval '1 hour')`),
    sql`, `,
  );
  await tx.execute(sql`insert into leftovers (prefix, until) values ${folders}`);
  await tx.execute(sql`insert into leftovers (prefix, until) select prefix, now() + interval '1 hour' from elsewhere`);
  return { tasks: new Map(tasks.map(({ stage, total }) => [stage, total])), running, uploads };
}
