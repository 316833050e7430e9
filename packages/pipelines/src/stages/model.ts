import { Artifact, artifactKey, buildSegmentKey, SegmentMode } from '@reverie/contracts';
import { z } from 'zod';
import { fanOut } from '../stage.ts';
import { CutSegment } from './cut.ts';

const Uploaded = z.object({ job: z.string(), total: z.int() });
export type Uploaded = z.infer<typeof Uploaded>;

/** What a job is called in the keys of what it makes. */
export const nameOf = (jobId: string, uploaded: Uploaded | undefined): string => uploaded?.job ?? jobId;

export const ModelledSegment = CutSegment.extend({
  /** Where document 003 wants it. `file` is the same under a key of this attempt: what is joined is never overwritten. */
  output: Artifact,
  model: z.string(),
  begins: z.number().min(0).default(0),
});

/** Every segment is a task of its own, on any worker. One that fails for good keeps the others from nothing. */
export const model = fanOut({
  name: 'model',
  fleet: 'cpu',
  weight: 8,
  provider: 'model',
  failsLate: true,
  limits: { seconds: 14_400, stillSeconds: 900 },
  needs: z.object({
    segments: z.array(CutSegment).nullable(),
    mode: SegmentMode,
    uploaded: Uploaded.optional(),
  }),
  gives: z.object({ modelled: z.array(ModelledSegment) }),
  item: z.object({ index: z.int(), total: z.int(), segment: CutSegment.optional() }),
  part: ModelledSegment,
  awaits: ({ uploaded }) => uploaded !== undefined,
  split: ({ segments, uploaded }) =>
    segments
      ? segments.map((segment, index) => ({ index, total: segments.length, segment }))
      : Array.from({ length: uploaded!.total }, (_, index) => ({ index, total: uploaded!.total })),
  async run({ index, total, segment }, { mode, uploaded }, { tools, key, jobId, ...run }) {
    const job = nameOf(jobId, uploaded);
    const from = segment ? { file: segment.file } : { uploaded: buildSegmentKey({ jobId: job, index, total, mode }) };
    const made = await tools.segments.model(from, { mode, job, index, total }, { key: key('segment.mp4') }, run);
    const output = await tools.files.copy(made.file, artifactKey.segmentOut(job, index));
    // A cut segment takes up in the whole what it did before.
    return { ...made, seconds: segment?.seconds ?? made.seconds, output };
  },
  join: (modelled) => ({ modelled }),
});
