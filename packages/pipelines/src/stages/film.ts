import { Artifact } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';
import { filmParts, Parts } from './film-parts.ts';

/** Waits for the preview, so that there is something to see before the long encode begins. */
export const film = step({
  name: 'film',
  fleet: 'cpu',
  weight: 8,
  needs: Parts.extend({ preview: z.object({ video: Artifact }) }),
  gives: z.object({ film: Artifact }),
  run: async (parts, { tools, key, ...run }) => ({
    film: await tools.film.render(filmParts(parts), { key: key('film.mp4') }, run),
  }),
});
