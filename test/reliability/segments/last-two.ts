import { randomUUID } from 'node:crypto';
import { type Claim, queueEntryId, type Report, type SegmentKey } from '@reverie/contracts';
import { completionsOf, openDatabase, tasksOf } from '@reverie/db';
import { model } from '@reverie/pipelines';
import type { Store } from '@reverie/storage';
import { arrive, jobIdOf } from '../../../apps/api/src/jobs/arrive.ts';
import { claim } from '../../../apps/api/src/jobs/claim.ts';
import type { Life } from '../../../apps/api/src/jobs/life.ts';
import { segmentSubject } from '../../../apps/api/src/jobs/segment-subject.ts';
import { settle } from '../../../apps/api/src/jobs/settle.ts';
import { inProcessLife } from '../../support/in-process-life.ts';
import { stubQueue } from '../model/stub-queue.ts';

export interface Raced {
  jobs: number;
  /** Jobs that do not have exactly one task to reassemble them, or not every completion. */
  wrong: string[];
}

const store = { outside: (key: string) => ({ key, uri: `s3://out/${key}` }) } as unknown as Store;

/** Segments that others upload: all are announced at once and more than once, and the last two are settled at the same moment. */
export async function raceTheLastTwo(
  databaseUrl: string,
  { jobs, total }: { jobs: number; total: number },
): Promise<Raced> {
  const db = openDatabase({ url: databaseUrl, connections: 8, onError: () => {} });
  const life = inProcessLife(db, { queue: stubQueue().producer, subjects: { segments: segmentSubject(store) } });
  const wrong: string[] = [];
  try {
    for (let job = 0; job < jobs; job++) wrong.push(...(await raceOnce(life, `film ${job} ${randomUUID()}`, total)));
  } finally {
    await db.close();
  }
  return { jobs, wrong };
}

async function raceOnce(life: Life, name: string, total: number): Promise<string[]> {
  const segments = Array.from(
    { length: total },
    (_, index): SegmentKey => ({ jobId: name, index, total, mode: 'sbs' }),
  );
  const told = await Promise.all([...segments, ...segments.toReversed()].map((segment) => arrive(life, 'o', segment)));
  const news = told.filter((arrival) => arrival === 'new').length;

  const id = jobIdOf(name);
  const parts = (await tasksOf(life.db, [id])).filter(({ stage }) => stage === model.name);
  const claims = await Promise.all(
    parts.map(({ id: task }) => claim(life, task, { claimId: randomUUID(), worker: 'w', run: 0 })),
  );
  const reports = claims.map((claimed) => ({ at: claimed!, report: completed(claimed!, name) }));
  const tell = ({ at, report }: (typeof reports)[number]) => settle(life, at, report);
  for (const report of reports.slice(0, -2)) await tell(report);
  const lastTwo = reports.slice(-2);
  // Each of them twice, as a worker does that has not heard the answer.
  const verdicts = await Promise.all([...lastTwo, ...lastTwo].map(tell));
  const accepted = verdicts.filter(({ verdict }) => verdict === 'accepted').length;

  const after = await tasksOf(life.db, [id]);
  const found = {
    news,
    accepted,
    reassemble: after.filter(({ stage }) => stage === 'reassemble').length,
    completions: (await completionsOf(life.db, id)).length,
    entries: new Set(after.map(({ id: task, run }) => queueEntryId({ task, run }))).size,
  };
  const wanted = { news: total, accepted: 2, reassemble: 1, completions: total, entries: after.length };
  const same = JSON.stringify(found) === JSON.stringify(wanted);
  return same ? [] : [`${name}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`];
}

function completed({ jobId, part, attempt }: Claim, name: string): Report {
  const file = { key: `jobs/${jobId}/work/model/${part}/${attempt}/segment.mp4`, bytes: 1, contentType: 'video/mp4' };
  const output = { ...file, key: `jobs/${name}/segments/${part}.mp4` };
  return { status: 'completed', output: { file, output, seconds: 2, frames: 50, model: 'passthrough' } };
}
