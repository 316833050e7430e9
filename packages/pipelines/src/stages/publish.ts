import { Artifact, artifactKey, DreamMetadata } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';
import { Parts } from './film-parts.ts';

/** Nothing is called finished before it was opened: the film is probed and decoded, and only then put in its place. */
export const publish = step({
  name: 'publish',
  fleet: 'io',
  needs: Parts.extend({ dreamId: z.uuid(), film: Artifact }),
  gives: z.object({ video: Artifact, metadata: DreamMetadata }),
  async run({ dreamId, film, storyboard, pictures, narration }, { tools, signal }) {
    const facts = await tools.media.verify(film, { duration: narration.duration, streams: ['video', 'audio'] }, signal);
    const cost_breakdown = {
      storyboard: storyboard.cost,
      pictures: pictures.reduce((sum, picture) => sum + picture.cost, 0),
      narration: narration.cost,
    };
    return {
      video: await tools.files.copy(film, artifactKey.dreamVideo(dreamId)),
      metadata: {
        duration: facts.duration,
        scenes: storyboard.scenes.length,
        cost: cost_breakdown.storyboard + cost_breakdown.pictures + cost_breakdown.narration,
        cost_breakdown,
        scene_list: narration.scenes.map(({ text, start, end }) => ({ text, start, end })),
        providers: {
          storyboard: storyboard.provider,
          pictures: pictures[0]?.provider ?? 'none',
          narration: narration.provider,
        },
      },
    };
  },
});
