import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { constants, copyFile, link, mkdir, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { checkKey, checkPrefix } from './checks.ts';

/** What is on its way: a file that is being written, or the folder of an upload's parts. */
const UNDER_WAY = /\.[0-9a-f]{16}\.(partial|parts)$/;

/** A name beside `path` for bytes that are still coming: in the same folder, so that the last step is one rename. */
export const partialOf = (path: string): string => `${path}.${randomBytes(8).toString('hex')}.partial`;

/** The folder beside `path` for parts of what will be there. */
export const partsOf = (path: string, token: string): string => `${path}.${token}.parts`;

export const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** For `.catch`: that there is no such file is an answer, all else stays an error. */
export function absent(error: unknown): undefined {
  if (!['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes(codeOf(error) ?? '')) throw error;
}

/** Makes something in a folder that may not be there yet, or that a delete next to it is just pruning. */
export async function inFolder<T>(path: string, make: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(dirname(path), { recursive: true });
      return await make();
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || attempt === 20) throw error;
    }
  }
}

/** Another file, or other bytes, have another one. */
export const etagOf = ({ size, ino, mtimeMs }: Stats): string =>
  `"${[size, ino, Math.trunc(mtimeMs * 1000)].map((n) => n.toString(36)).join('-')}"`;

/** A second name for the same bytes. Safe because files are only ever replaced, never written to. */
export const linkOrCopy = (from: string, to: string): Promise<void> =>
  link(from, to).catch((error) => {
    if (codeOf(error) === 'ENOENT') throw error;
    return copyFile(from, to, constants.COPYFILE_FICLONE); // a file system without links, or one with too many
  });

/** Gives a complete file its name. False when `ifAbsent` and the name is taken, which only link(2) decides atomically. */
export async function place(partial: string, path: string, { ifAbsent }: { ifAbsent: boolean }): Promise<boolean> {
  if (!ifAbsent) await rename(partial, path);
  else {
    try {
      await link(partial, path);
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  }
  return true;
}

export type Folder = ReturnType<typeof fsFolder>;

/** Keys as files below one folder, and never outside it. */
export function fsFolder(dir: string) {
  const root = resolve(dir);

  const pathOf = (key: string): string => {
    if (key.split('/').some((segment) => UNDER_WAY.test(segment)))
      throw new Error(`storage key "${key}" is refused: it is named like an upload under way`);
    return join(root, checkKey(key));
  };

  /** Removes the folders that what was at `path` left empty. */
  const prune = async (path: string): Promise<void> => {
    const rmdirIfEmpty = (at: string) =>
      rmdir(at).then(
        () => true,
        () => false, // still in use, or another delete was first
      );
    let at = dirname(path);
    while (at.startsWith(root + sep) && (await rmdirIfEmpty(at))) at = dirname(at);
  };

  /** Removes a file, if it is there, and the folders it leaves empty. */
  const remove = async (path: string): Promise<void> => {
    await unlink(path).catch(absent);
    await prune(path);
  };

  /** Every key with this prefix in the order of its bytes, as S3 lists them: a folder sorts as its name and a slash. */
  async function* keys(
    prefix: string,
    folder = prefix.slice(0, checkPrefix(prefix).lastIndexOf('/') + 1),
  ): AsyncGenerator<string> {
    const entries = (await readdir(join(root, folder), { withFileTypes: true }).catch(absent)) ?? [];
    const names = entries
      .filter((entry) => (entry.isDirectory() || entry.isFile()) && !UNDER_WAY.test(entry.name))
      .map((entry) => Buffer.from(folder + entry.name + (entry.isDirectory() ? '/' : '')))
      .sort(Buffer.compare)
      .map(String)
      .filter((name) => name.startsWith(prefix));
    for (const name of names) {
      if (name.endsWith('/')) yield* keys(prefix, name);
      else yield name;
    }
  }

  return { root, pathOf, remove, prune, keys };
}
