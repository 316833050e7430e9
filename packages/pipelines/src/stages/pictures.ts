import { Artifact, Aspect } from '@reverie/contracts';
import { z } from 'zod';
import { fanOut } from '../stage.ts';
import { Storyboard } from './storyboard.ts';

export const Picture = z.object({ picture: Artifact, provider: z.string(), cost: z.number() });

/** One picture a scene, each a task of its own: they are drawn side by side, and a lost one is drawn again alone. */
export const pictures = fanOut({
  name: 'pictures',
  fleet: 'cpu',
  weight: 2,
  // A model may think for minutes without a sign.
  limits: { stillSeconds: 180 },
  needs: z.object({ storyboard: Storyboard, style: z.string().optional(), aspect: Aspect, dreamId: z.uuid() }),
  gives: z.object({ pictures: z.array(Picture) }),
  item: z.object({ prompt: z.string(), seed: z.int() }),
  part: Picture,
  split: ({ storyboard, dreamId }) =>
    storyboard.scenes.map(({ prompt }, index) => ({
      prompt,
      seed: (Number.parseInt(dreamId.slice(0, 6), 16) + index * 7919) % 1_000_000,
    })),
  run: ({ prompt, seed }, { style, aspect }, { tools, signal, key }) =>
    tools.imagine.picture({ prompt, seed, style, aspect }, { key: (extension) => key(`picture.${extension}`) }, signal),
  join: (parts) => ({ pictures: parts }),
});
