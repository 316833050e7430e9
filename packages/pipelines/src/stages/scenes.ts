import { MediaFacts, Span } from '@reverie/contracts';
import { z } from 'zod';
import { scenesBetween } from '../scenes-between.ts';
import { step } from '../stage.ts';

/** The shots of the video, from its first moment to its last without a gap. */
export const scenes = step({
  name: 'scenes',
  fleet: 'io',
  needs: z.object({ cuts: z.array(z.number()), videoFacts: MediaFacts }),
  gives: z.object({ scenes: z.array(Span) }),
  run: async ({ cuts, videoFacts }) => ({ scenes: scenesBetween(cuts, videoFacts.duration) }),
});
