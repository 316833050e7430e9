import { Artifact, MediaFacts } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';

const downloading = (soundAlone: boolean) =>
  step({
    name: 'download',
    fleet: 'io',
    // 20 GiB at 2 MB/s take three hours.
    limits: { seconds: 14_400, stillSeconds: 90 },
    needs: z.object({ sourceUrl: z.string() }),
    gives: z.object({ media: Artifact, facts: MediaFacts, downloadedBy: z.string().optional() }),
    async run({ sourceUrl }, { tools, key, ...run }) {
      const out = { key: (extension: string) => key(`source.${extension}`) };
      const { service, ...got } = await tools.sources.fetch(sourceUrl, out, { ...run, soundAlone });
      return { ...got, ...(service !== undefined && { downloadedBy: service }) };
    },
  });

export const downloadVideo = downloading(false);
/** For what is only listened to. */
export const downloadSound = downloading(true);

/** Only where there is something to be fetched: segments may be uploaded by others. */
export const downloadNamed = step({
  ...downloadVideo,
  needs: z.object({ sourceUrl: z.string().optional() }),
  gives: z.object({ media: Artifact.nullable(), facts: MediaFacts.nullable(), downloadedBy: z.string().optional() }),
  leftOut: {
    when: ({ sourceUrl }) => (sourceUrl === undefined ? 'the segments are uploaded by others' : undefined),
    gives: { media: null, facts: null },
  },
  run: ({ sourceUrl = '' }, context) => downloadVideo.run({ sourceUrl }, context),
});
