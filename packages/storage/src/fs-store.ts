import type { Stats } from 'node:fs';
import { access, constants, mkdir, open, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { Failure } from '@reverie/contracts';
import { checkRange } from './checks.ts';
import { contentTypeOf } from './content-types.ts';
import { absent, etagOf, fsFolder, inFolder, linkOrCopy, partialOf, place } from './fs-folder.ts';
import { fsUploads } from './fs-uploads.ts';
import { asDiskFull, writeFlushed } from './fs-write.ts';
import type { LinkSigner } from './links.ts';
import { ownStream } from './own-stream.ts';
import type { Store, Stored } from './store.ts';

const stored = (key: string, found: Stats): Stored => ({
  key,
  bytes: found.size,
  contentType: contentTypeOf(key),
  etag: etagOf(found),
  modifiedAt: found.mtime,
});

/** Artifacts as plain files in one folder: for one machine, or for several that share a disk. */
export function fsStore({ dir, links }: { dir: string; links: LinkSigner }): Store {
  const folder = fsFolder(dir);

  const head = async (key: string): Promise<Stored | undefined> => {
    const found = await stat(folder.pathOf(key)).catch(absent);
    return found?.isFile() ? stored(key, found) : undefined;
  };

  return {
    head,

    async put(key, body, { ifAbsent = false, signal }) {
      const path = folder.pathOf(key);
      const partial = partialOf(path);
      try {
        if (ifAbsent && (await head(key))) return undefined;
        const handle = await inFolder(partial, () => open(partial, 'wx'));
        const { bytes } = await writeFlushed(handle, ownStream(body, signal));
        if (!(await place(partial, path, { ifAbsent }))) return undefined;
        return { key, bytes, contentType: contentTypeOf(key) };
      } catch (error) {
        throw asDiskFull(error, `${folder.root} for ${key}`);
      } finally {
        body.destroy();
        await folder.remove(partial);
      }
    },

    async get(key, { range, signal } = {}) {
      if (range) checkRange(range);
      signal?.throwIfAborted();
      const file = await open(folder.pathOf(key)).catch(absent);
      if (!file) return undefined;
      if ((await file.stat()).isFile()) return file.createReadStream({ ...range, ...(signal && { signal }) });
      await file.close();
      return undefined;
    },

    async copy(from, to) {
      const path = folder.pathOf(to);
      const partial = partialOf(path);
      const source = await head(from);
      if (!source) throw new Error(`cannot copy ${from} to ${to}: there is no ${from}`);
      try {
        await inFolder(partial, () => linkOrCopy(folder.pathOf(from), partial));
        await place(partial, path, { ifAbsent: false });
        return { key: to, bytes: source.bytes, contentType: contentTypeOf(to) };
      } finally {
        await folder.remove(partial); // rename(2) leaves it behind when both are names of one file already
      }
    },

    async *list(prefix) {
      for await (const key of folder.keys(prefix)) {
        const found = await head(key);
        if (found) yield found; // else it was deleted meanwhile
      }
    },

    delete: async (key) => folder.remove(folder.pathOf(key)),

    linkTo: async (key, { method, seconds }) => links.sign(method, key, seconds),

    outside: (key) => ({ key, uri: pathToFileURL(folder.pathOf(key)).href }),

    uploads: fsUploads(folder, links),

    async check() {
      try {
        await mkdir(folder.root, { recursive: true });
        await access(folder.root, constants.R_OK | constants.W_OK | constants.X_OK);
      } catch (cause) {
        throw new Failure('storage_unavailable', `the artifact folder ${folder.root} cannot be written`, { cause });
      }
    },
  };
}
