import { PodResult } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';

/** A run on a pod. How long one may take is VL_POD_TIMEOUT; on top comes the wait for a pod that is free. */
export const pod = step({
  name: 'pod',
  fleet: 'gpu',
  provider: 'pod',
  limits: { seconds: 172_800, stillSeconds: 600 },
  needs: z.object({
    inputKey: z.string(),
    sourceLang: z.string(),
    targetLang: z.string().optional(),
    dubbing: z.boolean(),
    hlsSegment: z.number(),
  }),
  gives: PodResult,
  run: ({ inputKey, sourceLang, targetLang = null, dubbing, hlsSegment }, { tools, ...run }) =>
    tools.pods.run(
      { inputKey, sourceLang: sourceLang === 'auto' ? null : sourceLang, targetLang, dubbing, hlsSegment },
      run,
    ),
});
