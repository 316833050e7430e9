import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of a few megabytes. */
export interface SmallDisk extends AsyncDisposable {
  dir: string;
  /** Leaves this much room on it. */
  fill(leaveBytes: number): Promise<void>;
  makeRoom(): Promise<void>;
}

/** Undefined where nothing can be mounted: for that one has to be root, and not in a container that forbids it. */
export async function smallDisk(megabytes: number): Promise<SmallDisk | undefined> {
  const dir = await mkdtemp(join(tmpdir(), 'reverie-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    await rm(dir, { recursive: true });
    return undefined;
  }
  const filler = join(dir, 'filler');
  await mkdir(join(dir, 'artifacts'));
  return {
    dir,
    async fill(leaveBytes) {
      const { bavail, bsize } = await statfs(dir);
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)));
    },
    makeRoom: () => rm(filler),
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['-l', dir]);
      await rm(dir, { recursive: true });
    },
  };
}
