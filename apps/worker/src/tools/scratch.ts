import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@reverie/contracts';
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
  const own = join(dir, `work-${process.pid}`);
  await mkdir(dir, { recursive: true });
  await sweep(dir);
  const cache = await fileCache(cacheIn(dir), cacheBytes);
  return {
    async open(taskId, attempt) {
      await needRoom(dir, freeBytes);
      const path = join(own, `${taskId}.${attempt}`);
      await rm(path, { recursive: true, force: true });
      await mkdir(path, { recursive: true });
      return workplace(path, { store, cache });
    },
  };
}

/** A folder belongs to the process in its name; ours, if it is there already, is of an earlier one with our number. */
async function sweep(dir: string) {
  for (const name of await readdir(dir)) {
    const pid = Number(/^work-(\d+)$/.exec(name)?.[1]);
    if (pid && (pid === process.pid || !isAlive(pid))) await rm(join(dir, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function needRoom(dir: string, freeBytes: number) {
  const { bavail, bsize } = await statfs(dir);
  const free = bavail * bsize;
  if (free >= freeBytes) return;
  const mib = (bytes: number) => `${Math.floor(bytes / 2 ** 20)} MiB`;
  throw new Failure('disk_full', `${dir} has ${mib(free)} left, and a task needs ${mib(freeBytes)}: make room`);
}
