import { Artifact, MediaFacts } from '@reverie/contracts';
import { z } from 'zod';
import { step } from '../stage.ts';

export const download = step({
  name: 'download',
  fleet: 'io',
  // 20 GiB at 2 MB/s take three hours.
  limits: { seconds: 14_400, stillSeconds: 90 },
  needs: z.object({ sourceUrl: z.string() }),
  gives: z.object({ media: Artifact, facts: MediaFacts, downloadedBy: z.string().optional() }),
  async run({ sourceUrl }, { tools, key, ...run }) {
    const { service, ...got } = await tools.sources.fetch(
      sourceUrl,
      { key: (extension) => key(`source.${extension}`) },
      run,
    );
    return { ...got, ...(service !== undefined && { downloadedBy: service }) };
  },
});
