import { createHash } from 'node:crypto';
import { SEGMENT_MODES, type SegmentKey } from '@reverie/contracts';
import { findJob, type Job, lockJob, markArrived, recordEvent, type Tx } from '@reverie/db';
import { model, segments } from '@reverie/pipelines';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import type { Life } from './life.ts';
import { submit } from './submit.ts';

/** `new`: it was waited for. `known`: it had come before, or is a segment we cut ourselves. `strange`: it is none of the job's. */
export type Arrival = 'new' | 'known' | 'strange';

/** What a job of uploaded segments was told by the first of them. */
const Told = z.object({
  uploaded: z.object({ job: z.string(), total: z.int() }).optional(),
  mode: z.enum(SEGMENT_MODES),
});

/** A segment has been uploaded. The first one that is heard of makes the job, with a part for each that is to come. */
export async function arrive(life: Life, owner: string, segment: SegmentKey): Promise<Arrival> {
  const { jobId: name, index, total, mode } = segment;
  const id = jobIdOf(name);
  return life.db.transaction(async (tx) => {
    const job = (await findJob(tx, id)) ?? (await begin(tx, life, owner, segment));
    const told = Told.safeParse(job.input).data;
    // The store tells of those we cut ourselves, too, whoever they are for.
    if (told && !told.uploaded) return 'known';
    const fits = told?.uploaded?.job === name && told.uploaded.total === total && told.mode === mode;
    if (!fits || job.owner !== owner) return 'strange';
    await lockJob(tx, id);
    const arrived = await markArrived(tx, id, model.name, [index]);
    if (arrived.length === 0) return 'known';
    await recordEvent(tx, id, 'segment.arrived', { index });
    return 'new';
  });
}

async function begin(tx: Tx, life: Life, owner: string, { jobId: name, total, mode }: SegmentKey): Promise<Job> {
  const made = submit(tx, life, {
    owner,
    // The id is the key: two first segments at the same moment make one job.
    id: jobIdOf(name),
    pipeline: segments.name,
    priority: 'normal',
    announced: true,
    input: { mode, uploaded: { job: name, total } },
  });
  return made.then(
    ({ job }) => job,
    async (error) => {
      if (!(error instanceof Refusal) || error.code !== 'idempotency_key_reused') throw error;
      // Another first segment was faster, and said something else of the whole.
      return (await findJob(tx, jobIdOf(name)))!;
    },
  );
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The job's id here. Whoever names jobs by UUIDs finds them under those; any other name always gives the same one. */
export function jobIdOf(name: string): string {
  if (UUID.test(name)) return name;
  const hex = createHash('sha256').update(`segments:${name}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
