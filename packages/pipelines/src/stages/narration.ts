import { Artifact } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';
import { Storyboard } from './storyboard.ts';

const Spoken = z.object({ text: z.string(), start: z.number(), end: z.number() });

/** The voice, and when it says which word. */
export const Narration = z.object({
  audio: Artifact,
  duration: z.number().positive(),
  scenes: z.array(Spoken.extend({ words: z.array(Spoken) })),
  provider: z.string(),
  cost: z.number(),
});

export const narration = step({
  name: 'narration',
  fleet: 'io',
  weight: 2,
  // A model may think for minutes without a sign.
  limits: { stillSeconds: 300 },
  needs: z.object({ storyboard: Storyboard }),
  gives: z.object({ narration: Narration }),
  run: async ({ storyboard }, { tools, signal, key }) => ({
    narration: await tools.speech.narrate(
      storyboard.scenes.map((scene) => scene.text),
      { key: key('narration.wav') },
      signal,
    ),
  }),
});
