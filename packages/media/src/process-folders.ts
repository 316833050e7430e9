import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The folder of this process in `dir`, not made yet. What processes that are no more left behind is removed: a folder belongs
 * to the process in its name; ours, if it is there already, is of an earlier one with our number.
 */
export async function folderOfProcess(dir: string, kind: string): Promise<string> {
  await mkdir(dir, { recursive: true });
  for (const name of await readdir(dir)) {
    const pid = Number(new RegExp(`^${kind}-(\\d+)$`).exec(name)?.[1]);
    if (pid && (pid === process.pid || !isAlive(pid))) await rm(join(dir, name), { recursive: true, force: true });
  }
  return join(dir, `${kind}-${process.pid}`);
}

/** A folder with nothing in it. */
export async function emptyFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
