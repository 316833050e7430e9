import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { emptyFolder, folderOfProcess } from '@reverie/media';

/** The folder a run works in, gone when the run is. */
export interface RunFolder extends AsyncDisposable {
  path: string;
}

/** Removes what pods that are no more left behind. */
export async function openScratch(dir: string): Promise<{ open(jobId: string): Promise<RunFolder> }> {
  const own = await folderOfProcess(dir, 'pod');
  return {
    async open(jobId) {
      const path = join(own, jobId);
      await emptyFolder(path);
      return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
    },
  };
}
