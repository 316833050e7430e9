import { Artifact, buildSegmentKey, Failure, MediaFacts, SegmentMode } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';

export const CutSegment = z.object({ file: Artifact, seconds: z.number().positive(), frames: z.int().min(1) });

/** Picture alone is cut: sound is one piece, and stays in its place across every joint. */
export const cut = step({
  name: 'cut',
  fleet: 'cpu',
  weight: 2,
  limits: { seconds: 14_400, stillSeconds: 600 },
  needs: z.object({
    media: Artifact.nullable(),
    facts: MediaFacts.nullable(),
    mode: SegmentMode,
    segmentSeconds: z.number(),
  }),
  gives: z.object({
    segments: z.array(CutSegment).nullable(),
    sound: Artifact.nullable(),
    late: z.number(),
    reencoded: z.boolean(),
  }),
  leftOut: {
    when: ({ media }) => (media === null ? 'the segments are uploaded by others' : undefined),
    gives: { segments: null, sound: null, late: 0, reencoded: false },
  },
  async run({ media, facts, mode, segmentSeconds }, { tools, key, jobId, ...run }) {
    if (!facts?.video) throw new Failure('media_no_video', 'the file has sound alone; there is nothing to cut');
    return tools.segments.cut(
      media!,
      { seconds: segmentSeconds },
      { key: (index, total) => buildSegmentKey({ jobId, index, total, mode }), sound: key('sound.m4a') },
      run,
    );
  },
});
