import { Artifact, Span, Transcript } from '@reverie/contracts';
import { z } from 'zod';
import { momentsOf } from '../moments.ts';
import { step } from '../stage.ts';
import { Frame } from './frames.ts';
import { Sight } from './vision.ts';

export const Embeddings = z.object({
  vectors: Artifact,
  model: z.string(),
  dimensions: z.int(),
  provider: z.string(),
  cost: z.number(),
});

const needs = z.object({
  scenes: z.array(Span),
  frames: z.array(Frame),
  transcript: Transcript.nullable(),
  sights: z.array(Sight).nullable(),
  embeddings: z.boolean(),
});

/** A vector for everything that can be found. They travel as a file: ten hours of speech make 100 MB of them. */
export const embed = step({
  name: 'embed',
  fleet: 'io',
  provider: 'embeddings',
  limits: { seconds: 3_600, stillSeconds: 300, attempts: 4 },
  needs,
  gives: z.object({ embedded: Embeddings.nullable() }),
  leftOut: {
    when(found) {
      if (!found.embeddings) return 'it was not asked for';
      return momentsOf(found).length === 0 ? 'nothing was said or seen that could be found' : undefined;
    },
    gives: { embedded: null },
  },
  run: async (found, { tools, key, ...run }) => ({
    embedded: await tools.embedder.embed(
      momentsOf(found).map(({ text }) => text),
      { key: key('vectors.f32') },
      run,
    ),
  }),
});
