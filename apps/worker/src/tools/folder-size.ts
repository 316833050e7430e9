import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files right in a folder, and their bytes; what goes meanwhile is not counted. */
export async function folderSize(dir: string): Promise<{ files: number; bytes: number }> {
  const names = await readdir(dir).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(dir, name)).then(
        ({ size }) => size,
        () => undefined,
      ),
    ),
  );
  const there = sizes.filter((size) => size !== undefined);
  return { files: there.length, bytes: there.reduce((sum, size) => sum + size, 0) };
}
