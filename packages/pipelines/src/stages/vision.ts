import { z } from 'zod';
import { fanOut } from '../stage.ts';
import { Frame } from './frames.ts';

/** What a model may say; longer is cut where it is read, so that nobody pays for an endless answer twice. */
export const Seen = z.object({ caption: z.string(), controls: z.array(z.string()), text: z.string() });

export const Sight = z.object({ seen: Seen, model: z.string(), provider: z.string(), cost: z.number() });

/** Every frame is a task of its own: as many are looked at at once as the fleet has slots, and a lost one is asked for again alone. */
export const vision = fanOut({
  name: 'vision',
  fleet: 'io',
  weight: 4,
  provider: 'vision',
  limits: { seconds: 600, stillSeconds: 300, attempts: 4 },
  needs: z.object({ frames: z.array(Frame), visionAnalysis: z.boolean() }),
  gives: z.object({ sights: z.array(Sight).nullable() }),
  item: Frame,
  part: Sight,
  leftOut: {
    when({ frames, visionAnalysis }) {
      if (!visionAnalysis) return 'it was not asked for';
      return frames.length === 0 ? 'there are no frames to look at' : undefined;
    },
    gives: { sights: null },
  },
  split: ({ frames }) => frames,
  run: ({ picture }, _given, { tools, signal }) => tools.vision.look(picture, signal),
  join: (sights) => ({ sights }),
});
