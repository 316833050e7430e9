import { cp, glob, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This repository, or another checkout that the suite is to be run against. */
const REPOSITORY = process.env.RELIABILITY_ROOT ?? fileURLToPath(new URL('../../../', import.meta.url));

/** A copy of what runs, to be made worse. What is installed is shared with the original. */
export interface Sources extends AsyncDisposable {
  root: string;
  /** Replaces an exact text, which must be there once: a mutant that mutates nothing proves nothing. */
  replace(pattern: string, text: string, by: string): Promise<void>;
}

export async function copySources(from = REPOSITORY): Promise<Sources> {
  const root = await mkdtemp(join(tmpdir(), 'reverie-sources-'));
  for (const part of ['package.json', 'drizzle', 'apps', 'packages']) {
    // Links as they are: a package's own lead to the copy's other packages, and to what is installed once for all.
    await cp(join(from, part), join(root, part), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/\.test\.ts$|\/console\/|\/\.bin$/.test(path),
    });
  }
  await symlink(join(from, 'node_modules'), join(root, 'node_modules'));
  return {
    root,
    async replace(pattern, text, by) {
      const files: string[] = [];
      for await (const file of glob(pattern, { cwd: root })) files.push(file);
      const [file] = files;
      if (file === undefined || files.length > 1) throw new Error(`${pattern} is ${files.length} files`);
      const before = await readFile(join(root, file), 'utf8');
      const found = before.split(text).length - 1;
      if (found !== 1) throw new Error(`${file} has this ${found} times, and the mutant needs it once: ${text}`);
      await writeFile(
        join(root, file),
        before.replace(text, () => by),
      );
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
