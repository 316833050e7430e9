import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@reverie/contracts';
import { emptyFolder, folderOfProcess } from '@reverie/media';
import type { Store } from '@reverie/storage';
import { fileCache } from './file-cache.ts';
import { type Workplace, workplace } from './workplace.ts';

export interface ScratchOptions {
  /** A folder of this machine's own disk. */
  dir: string;
  store: Store;
  /** How much of what was made or fetched is kept for the next task. */
  cacheBytes?: number;
  /** With less room than this on the disk nothing new is begun. */
  freeBytes?: number;
}

/** Where attempts work: each in a folder of its own that is gone when the attempt is. */
export interface Scratch {
  open(taskId: string, attempt: number): Promise<Workplace>;
}

const GIB = 2 ** 30;

/** Where in it the files at hand are. */
export const cacheIn = (dir: string) => join(dir, 'cache');

/** Removes what workers that are no more left behind. */
export async function openScratch(options: ScratchOptions): Promise<Scratch> {
  const { dir, store, cacheBytes = 2 * GIB, freeBytes = GIB } = options;
  const own = await folderOfProcess(dir, 'work');
  const cache = await fileCache(cacheIn(dir), cacheBytes);
  return {
    async open(taskId, attempt) {
      await needRoom(dir, freeBytes);
      const path = join(own, `${taskId}.${attempt}`);
      await emptyFolder(path);
      return workplace(path, { store, cache });
    },
  };
}

async function needRoom(dir: string, freeBytes: number) {
  const { bavail, bsize } = await statfs(dir);
  const free = bavail * bsize;
  if (free >= freeBytes) return;
  const mib = (bytes: number) => `${Math.floor(bytes / 2 ** 20)} MiB`;
  throw new Failure('disk_full', `${dir} has ${mib(free)} left, and a task needs ${mib(freeBytes)}: make room`);
}
