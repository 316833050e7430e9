import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EndOptions, endProcess, findProcess, isAlive } from './processes.ts';

interface Known {
  pid: number;
  born: string;
}

/** What `<name>.json` in a server's folder says: who runs it, and as which process. */
interface Claimed {
  by: Known;
  child?: Known;
}

const known = (pid: number): Known => ({ pid, born: findProcess(pid)?.born ?? '' });

/**
 * Makes this process the only one that runs `name` in `dir`. What a killed launcher left running there is stopped, not
 * adopted: its guardian may be about to stop it anyway.
 */
export async function claim(dir: string, { name, ...end }: EndOptions & { name: string }) {
  const file = join(dir, `${name}.json`);
  const draft = `${file}.${process.pid}`;
  const by = known(process.pid);

  for (;;) {
    writeFileSync(draft, JSON.stringify({ by } satisfies Claimed));
    if (linked(draft, file)) break;
    const before = read(file);
    if (before && isAlive(before.by)) {
      throw new Error(
        `${name} in ${dir} is already run by process ${before.by.pid}: stop that one, or choose another data folder`,
      );
    }
    if (before?.child && isAlive(before.child)) await endProcess(before.child.pid, end);
    rmSync(file, { force: true });
  }

  return {
    started(pid: number) {
      writeFileSync(draft, JSON.stringify({ by, child: known(pid) } satisfies Claimed));
      renameSync(draft, file);
    },
    release: () => rmSync(file, { force: true }),
  };
}

/** A link either appears whole or fails: two launchers cannot both make it, nor read half of it. */
function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

function read(file: string): Claimed | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // released in this moment, or emptied by a power cut
  }
}
