import { Artifact, artifactKey, Failure, MediaFacts } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';
import { ModelledSegment, nameOf } from './model.ts';

/** All segments in order, and the sound. */
export const reassemble = step({
  name: 'reassemble',
  fleet: 'cpu',
  weight: 2,
  limits: { seconds: 14_400, stillSeconds: 600 },
  needs: z.object({
    modelled: z.array(ModelledSegment),
    sound: Artifact.nullable(),
    late: z.number(),
    uploaded: z.object({ job: z.string(), total: z.int() }).optional(),
  }),
  gives: z.object({ final: Artifact, finalFacts: MediaFacts }),
  async run({ modelled, sound, late, uploaded }, { tools, jobId, ...run }) {
    checkOneModel(modelled);
    const out = { key: artifactKey.segmentsFinal(nameOf(jobId, uploaded)) };
    const { video, facts } = await tools.segments.join(modelled, { sound, late }, out, run);
    return { final: video, finalFacts: facts };
  },
});

/** MODEL may have been changed in the middle of a job, or not everywhere. */
function checkOneModel(modelled: readonly { model: string }[]): void {
  const byModel = Map.groupBy(modelled.keys(), (index) => modelled[index]!.model);
  if (byModel.size === 1) return;
  const told = [...byModel].map(([model, parts]) => `${model} made ${parts.length}, such as segment ${parts[0]}`);
  throw new Failure(
    'not_configured',
    `the segments come from different models: ${told.join('; ')}. When MODEL is the same on all workers, retry from "model"`,
  );
}
