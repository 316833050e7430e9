import { createHash } from 'node:crypto';
import { link, mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '@reverie/contracts';

/** What this machine has lately made or fetched, by key; the longest unused goes first. */
export interface FileCache {
  /** Puts the file at `path` as a hard link: no copy. False when it is not there. */
  giveTo(path: string, artifact: Artifact): Promise<boolean>;
  take(path: string, artifact: Artifact): Promise<void>;
}

/** A cache never fails a task: whatever goes wrong in it, the store has the file. */
export async function fileCache(dir: string, maxBytes: number): Promise<FileCache> {
  await mkdir(dir, { recursive: true });
  // With its size: a key that is written again, as previews are, does not bring back what was there before.
  const pathOf = ({ key, bytes }: Artifact) =>
    join(dir, createHash('sha256').update(`${key}\n${bytes}`).digest('hex').slice(0, 40));

  async function shrink() {
    const names = await readdir(dir);
    const all = await Promise.all(
      names.map(async (name) => ({ path: join(dir, name), ...(await stat(join(dir, name)).catch(() => undefined)) })),
    );
    let total = 0;
    for (const { path, size = 0 } of all.sort((a, b) => (b.mtimeMs ?? 0) - (a.mtimeMs ?? 0))) {
      total += size;
      if (total > maxBytes) await rm(path, { force: true });
    }
  }

  return {
    async giveTo(path, artifact) {
      const cached = pathOf(artifact);
      const now = new Date();
      return link(cached, path)
        .then(() => utimes(cached, now, now))
        .then(
          () => true,
          () => false,
        );
    },
    async take(path, artifact) {
      const cached = pathOf(artifact);
      await link(path, cached)
        .then(shrink)
        .catch(() => {}); // there already, or on another disk
    },
  };
}
