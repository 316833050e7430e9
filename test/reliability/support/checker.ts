import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { type Ledger, reported } from './ledger.ts';

/** What the recorded history says. Each list holds what should not be there, in words. */
export interface Verdicts {
  /** I1: accepted, and never completed. */
  lost: string[];
  /** I2: an effect applied more or less than once. */
  duplicated: string[];
  /** I3: a report of an attempt that was no longer the current one was accepted. */
  stale: string[];
  /** I4: an artifact's row without its file and bytes. */
  files: string[];
  /** I5: two jobs for one key. */
  keys: string[];
  /** I9, I10: processes and folders that nobody cleaned up. */
  left: string[];
  figures: Figures;
}

interface Figures {
  jobs: number;
  completed: number;
  tasks: number;
  attempts: number;
  /** Attempts of a task after it was completed, or whose work was done once already. */
  repeated: number;
  lostAttempts: number;
  failedAttempts: number;
  releasedAttempts: number;
  accepted: number;
  replayed: number;
  staleRefused: number;
}

export interface CheckOptions {
  /** Jobs may end like this; by default they complete. */
  ends?: readonly string[];
  /** Look for what is left behind: only when all workers have been started anew, or stopped in order. */
  leftovers?: boolean;
}

/** Holds the rows, the caller's and the wires' ledger and the artifacts' folder against each other. */
export async function check(
  { db, artifactsDir, workers }: Cluster,
  ledger: Ledger,
  { ends = ['completed'], leftovers = false }: CheckOptions = {},
): Promise<Verdicts> {
  const strings = async (sql: string, values: unknown[] = []) =>
    (await db.query<{ what: string }>(sql, values)).rows.map(({ what }) => what);

  const known = new Map<string, string>();
  for (const row of (await db.query<{ id: string; status: string }>('select id, status from jobs')).rows)
    known.set(row.id, row.status);
  const lost = [...new Set(ledger.accepted.map(({ id }) => id))].flatMap((id) => {
    const status = known.get(id);
    return status !== undefined && ends.includes(status) ? [] : [`job ${id} is ${status ?? 'not there'}`];
  });
  // Also what no caller heard of: it was committed, and somebody may ask for it again by its key.
  for (const [id, status] of known) if (!ends.includes(status)) lost.push(`job ${id} is ${status}`);

  const byKey = new Map<string, Set<string>>();
  for (const { key, id } of ledger.accepted) byKey.set(key, (byKey.get(key) ?? new Set()).add(id));
  const keys = [
    ...[...byKey].filter(([, ids]) => ids.size > 1).map(([key, ids]) => `key ${key} is ${ids.size} jobs`),
    ...(await strings(
      `select format('key %s is %s jobs', idempotency_key, count(*)) as what from jobs
       where idempotency_key is not null group by owner, idempotency_key having count(*) > 1`,
    )),
  ];

  const duplicated = [
    ...(await strings(
      `select format('job %s has %s job.completed', j.id, count(e.seq)) as what
       from jobs j left join events e on e.job_id = j.id and e.type = 'job.completed'
       where j.status = 'completed' group by j.id having count(e.seq) <> 1`,
    )),
    ...(await strings(
      `select format('job %s %s/%s has %s task.completed', job_id, data->>'stage', data->>'part', count(*)) as what
       from events where type = 'task.completed' group by job_id, data->>'stage', data->>'part' having count(*) > 1`,
    )),
    ...(await strings(
      `select format('job %s: stage %s has %s parts', t.job_id, t.stage, count(*)) as what
       from tasks t join jobs j on j.id = t.job_id
       where j.pipeline = 'selftest' and j.status = 'completed'
       group by t.job_id, t.stage, j.input
       having count(*) <> case when t.stage = 'read' then (j.input->>'parts')::int else 1 end`,
    )),
    ...(await strings(
      `select format('job %s has %s stages', j.id, count(distinct t.stage)) as what
       from jobs j join tasks t on t.job_id = j.id where j.pipeline = 'selftest' and j.status = 'completed'
       group by j.id having count(distinct t.stage) <> 3`,
    )),
    ...(await strings(
      `select format('task %s was completed by %s attempts', task_id, count(*)) as what
       from attempts where outcome = 'completed' group by task_id having count(*) <> 1`,
    )),
    // One file a job, the one its tasks point to: an accepted attempt and its replays give one set of outputs.
    ...(await strings(
      `select format('job %s has %s files', j.id, count(a.key)) as what
       from jobs j left join artifacts a on a.job_id = j.id where j.pipeline = 'selftest' and j.status = 'completed'
       group by j.id having count(a.key) <> 1`,
    )),
  ];

  const stale = await strings(
    `select format('task %s: attempt %s was accepted, and %s had started', t.id, a.attempt, t.attempt) as what
     from tasks t join attempts a on a.task_id = t.id and a.outcome = 'completed' where a.attempt <> t.attempt`,
  );
  stale.push(
    ...(await strings(
      `select format('task %s is %s, and its attempt %s is %s', t.id, t.status, t.attempt, a.outcome) as what
       from tasks t join attempts a on a.task_id = t.id and a.attempt = t.attempt
       where t.status = 'completed' and a.outcome <> 'completed'`,
    )),
  );
  // The rows name the attempt the API believed in; the wires know which one really spoke.
  const attemptOf = new Map(
    (await db.query<{ id: string; attempt: number }>('select id, attempt from tasks')).rows.map((row) => [
      row.id,
      row.attempt,
    ]),
  );
  const acceptedOnce = new Map<string, number>();
  for (const { id, verdict } of ledger.exchanges) {
    const report = reported(id);
    if (report?.status !== 'completed' || verdict !== 'accepted') continue;
    const now = attemptOf.get(report.task);
    if (now !== report.attempt) stale.push(`task ${report.task}: attempt ${report.attempt} was accepted of ${now}`);
    acceptedOnce.set(report.task, (acceptedOnce.get(report.task) ?? 0) + 1);
  }
  for (const [task, times] of acceptedOnce)
    if (times > 1) duplicated.push(`task ${task}: ${times} reports were accepted`);

  const verdicts = ledger.verdicts();
  return {
    lost: [...new Set(lost)],
    duplicated,
    stale,
    keys,
    files: await missingFiles(),
    left: leftovers ? [...(await scratchLeft()), ...(await processesLeft())] : [],
    figures: {
      ...(await figures()),
      accepted: (verdicts.accepted ?? 0) + (verdicts.retry ?? 0),
      replayed: verdicts.replayed ?? 0,
      staleRefused: verdicts.stale ?? 0,
    },
  };

  async function figures() {
    const { rows } = await db.query<Omit<Figures, 'accepted' | 'replayed' | 'staleRefused'>>(
      `select (select count(*) from jobs)::int as jobs,
              (select count(*) from jobs where status = 'completed')::int as completed,
              (select count(*) from tasks)::int as tasks,
              (select count(*) from attempts)::int as attempts,
              (select count(*) from attempts a join attempts b
               on b.task_id = a.task_id and b.attempt < a.attempt and b.outcome = 'completed')::int as repeated,
              (select count(*) from attempts where outcome = 'lost')::int as "lostAttempts",
              (select count(*) from attempts where outcome = 'failed')::int as "failedAttempts",
              (select count(*) from attempts where outcome = 'released')::int as "releasedAttempts"`,
    );
    return rows[0]!;
  }

  async function missingFiles(): Promise<string[]> {
    const { rows } = await db.query<{ key: string; bytes: string }>('select key, bytes from artifacts');
    const wrong: string[] = [];
    for (const { key, bytes } of rows) {
      const size = await stat(join(artifactsDir, key)).then(
        (file) => file.size,
        () => undefined,
      );
      if (size !== Number(bytes)) wrong.push(`${key} has ${size ?? 'no'} bytes and should have ${bytes}`);
    }
    return wrong;
  }

  async function scratchLeft(): Promise<string[]> {
    const left: string[] = [];
    for (const { name, pid, scratchDir } of workers) {
      for (const entry of await readdir(scratchDir).catch(() => [])) {
        const of = /^work-(\d+)$/.exec(entry)?.[1];
        if (of === undefined) continue;
        if (Number(of) !== pid) left.push(`${name}: ${entry} of a worker that is no more`);
        else for (const task of await readdir(join(scratchDir, entry))) left.push(`${name}: ${entry}/${task}`);
      }
    }
    return left;
  }

  /** Processes that work in this cluster's folders and are none of its members. */
  async function processesLeft(): Promise<string[]> {
    const left: string[] = [];
    for (const pid of await readdir('/proc').catch(() => [])) {
      if (!/^\d+$/.test(pid) || workers.some((worker) => worker.pid === Number(pid))) continue;
      const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      if (!workers.some(({ scratchDir }) => cwd.startsWith(scratchDir))) continue;
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      left.push(`process ${pid}: ${command.replaceAll('\0', ' ')}`);
    }
    return left;
  }
}

/** The lists, shortened for a person: empty when all is well. */
export const wrongs = ({ figures: _, ...lists }: Verdicts): string[] =>
  Object.entries(lists).flatMap(([name, list]: [string, string[]]) =>
    list.length === 0 ? [] : [`${name}: ${list.length}, such as ${list.slice(0, 3).join('; ')}`],
  );
