import { Artifact, Span } from '@reverie/contracts';
import { z } from 'zod';
import { chooseEvenly } from '../choose.ts';
import { step } from '../stage.ts';

export const Frame = z.object({
  scene: z.int().min(0),
  time: z.number(),
  picture: Artifact,
  hash: z.string(),
});

/** One picture from the middle of each chosen scene; what looks like an earlier one is dropped. */
export const frames = step({
  name: 'frames',
  fleet: 'cpu',
  limits: { seconds: 3_600 },
  needs: z.object({ video: Artifact, scenes: z.array(Span), maxFrames: z.int() }),
  gives: z.object({ frames: z.array(Frame), framesDropped: z.int() }),
  async run({ video, scenes, maxFrames }, { tools, key, ...run }) {
    const moments = chooseEvenly(scenes.length, maxFrames).map((scene) => {
      const { start, end } = scenes[scene]!;
      return { scene, time: (start + end) / 2 };
    });
    const out = { key: (scene: number) => key(`frame-${String(scene).padStart(5, '0')}.jpg`) };
    const { frames, dropped } = await tools.footage.stills(video, moments, out, run);
    return { frames, framesDropped: dropped };
  },
});
