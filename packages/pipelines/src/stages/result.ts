import { Artifact, MediaFacts, Span, Transcript } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';
import { Embeddings } from './embed.ts';
import { Frame } from './frames.ts';
import { Sight } from './vision.ts';

/** All that was found, as one file beside the others: whoever keeps files keeps the result. */
export const result = step({
  name: 'result',
  fleet: 'io',
  needs: z.object({
    videoFacts: MediaFacts,
    scenes: z.array(Span),
    frames: z.array(Frame),
    transcript: Transcript.nullable(),
    sights: z.array(Sight).nullable(),
    embedded: Embeddings.nullable(),
  }),
  gives: z.object({ result: Artifact, cost: z.number() }),
  async run({ videoFacts, scenes, frames, transcript, sights, embedded }, { tools, key, signal }) {
    const seen = frames.map((frame, i) => ({ ...frame, ...(sights?.[i] && { seen: sights[i].seen }) }));
    const whole = { video: videoFacts, scenes, frames: seen, transcript, embedded };
    const spent = [transcript, embedded, ...(sights ?? [])];
    return {
      result: await tools.files.write(key('analysis.json'), `${JSON.stringify(whole, null, 2)}\n`, signal),
      cost: spent.reduce((sum, part) => sum + (part?.cost ?? 0), 0),
    };
  },
});
