import { Artifact, artifactKey } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';
import { filmParts, Parts } from './film-parts.ts';

/** A small clip and a poster, to look at while the film is still being encoded. */
export const preview = step({
  name: 'preview',
  fleet: 'cpu',
  needs: Parts.extend({ dreamId: z.uuid() }),
  gives: z.object({ preview: z.object({ video: Artifact, poster: Artifact }) }),
  run: async ({ dreamId, ...parts }, { tools, ...run }) => ({
    preview: await tools.film.preview(
      filmParts(parts),
      { video: artifactKey.dreamPreview(dreamId), poster: artifactKey.dreamPoster(dreamId) },
      run,
    ),
  }),
});
