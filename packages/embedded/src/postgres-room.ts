import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { canRead, type User } from './unprivileged.ts';

/** What root keeps outside the data folder, because nobody cannot reach into it. */
export const ROOTS_ROOM = '/var/lib/reverie';

/** The folder that holds the data: `dir`, or what `dir/elsewhere` links to where Postgres' user cannot enter `dir`. */
export function postgresRoom(dir: string, { user, durable }: { user: User | undefined; durable: boolean }): string {
  mkdirSync(dir, { recursive: true });
  if (!user) return dir;
  chownSync(dir, user.uid, user.gid);
  if (canRead(dir, user)) return dir;

  const link = join(dir, 'elsewhere');
  if (existsSync(link)) return readlinkSync(link);
  mkdirSync(ROOTS_ROOM, { recursive: true, mode: 0o755 });
  removeForgotten();
  const room = mkdtempSync(join(ROOTS_ROOM, durable ? 'data-' : SCRATCH));
  chownSync(room, user.uid, user.gid);
  rmSync(link, { force: true });
  symlinkSync(room, link);
  symlinkSync(link, join(room, 'of')); // the last thing: without it nobody takes the room for a forgotten one
  return room;
}

const SCRATCH = 'scratch-';

/** Tests throw their folder away and cannot know of this one. Durable data is never removed: its folder may have moved. */
function removeForgotten() {
  for (const name of readdirSync(ROOTS_ROOM).filter((name) => name.startsWith(SCRATCH))) {
    const room = join(ROOTS_ROOM, name);
    const of = target(join(room, 'of'));
    if (of && target(of) !== room) rmSync(room, { recursive: true, force: true });
  }
}

function target(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
