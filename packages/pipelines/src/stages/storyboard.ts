import { z } from 'zod';
import { step } from '../stage.ts';

export const Storyboard = z.object({
  title: z.string(),
  scenes: z.array(z.object({ text: z.string(), prompt: z.string() })).min(1),
  provider: z.string(),
  cost: z.number(),
});

export const storyboard = step({
  name: 'storyboard',
  fleet: 'io',
  // A model may think for minutes without a sign.
  limits: { stillSeconds: 180 },
  needs: z.object({
    transcript: z.string(),
    segments: z.array(z.object({ text: z.string() })).optional(),
    style: z.string().optional(),
    title: z.string().optional(),
  }),
  gives: z.object({ storyboard: Storyboard }),
  run: async (dream, { tools, signal }) => ({ storyboard: await tools.script.storyboard(dream, signal) }),
});
