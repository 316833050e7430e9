import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The folder a run works in, gone when the run is. */
export interface RunFolder extends AsyncDisposable {
  path: string;
}

/** Removes what pods that are no more left behind: a folder belongs to the process in its name, ours to one before us. */
export async function openScratch(dir: string): Promise<{ open(jobId: string): Promise<RunFolder> }> {
  await mkdir(dir, { recursive: true });
  for (const name of await readdir(dir)) {
    const pid = Number(/^pod-(\d+)$/.exec(name)?.[1]);
    if (pid && (pid === process.pid || !isAlive(pid))) await rm(join(dir, name), { recursive: true, force: true });
  }
  return {
    async open(jobId) {
      const path = join(dir, `pod-${process.pid}`, jobId);
      await rm(path, { recursive: true, force: true });
      await mkdir(path, { recursive: true });
      return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
