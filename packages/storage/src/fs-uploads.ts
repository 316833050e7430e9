import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Artifact } from '@reverie/contracts';
import { contentTypeOf } from './content-types.ts';
import { absent, codeOf, etagOf, type Folder, inFolder, partialOf, partsOf, place } from './fs-folder.ts';
import { asDiskFull, writeFlushed } from './fs-write.ts';
import type { LinkSigner } from './links.ts';
import { ownStream } from './own-stream.ts';
import { checkComplete } from './parts.ts';
import type { Part, Uploads } from './store.ts';

/** Parts are files in a folder beside the file they will be, named by their numbers; no list shows them. */
export function fsUploads(folder: Folder, links: LinkSigner): Uploads {
  const folderOf = (key: string, token: string) => partsOf(folder.pathOf(key), token);
  /** By token. Somebody who lost patience and asks again waits for the same file. */
  const completing = new Map<string, Promise<Artifact | undefined>>();

  const partAt = async (path: string, number: number): Promise<Part> => {
    const found = await stat(path);
    return { number, bytes: found.size, etag: etagOf(found) };
  };

  async function parts(key: string, token: string): Promise<Part[] | undefined> {
    const dir = folderOf(key, token);
    const names = (await readdir(dir).catch(absent))?.filter((name) => /^\d+$/.test(name));
    const found = names?.map((name) => partAt(join(dir, name), Number(name)));
    return found && (await Promise.all(found)).sort((a, b) => a.number - b.number);
  }

  /** Out of everybody's way in one step: a part that is still coming finds no folder to land in. */
  async function discard(key: string, token: string): Promise<void> {
    const gone = partialOf(folder.pathOf(key));
    await rename(folderOf(key, token), gone).catch(absent);
    await rm(gone, { recursive: true, force: true });
    await folder.prune(gone);
  }

  const finished = async (key: string): Promise<Artifact | undefined> => {
    const file = await stat(folder.pathOf(key)).catch(absent);
    return file && { key, bytes: file.size, contentType: contentTypeOf(key) };
  };

  async function joinParts(key: string, token: string, count: number): Promise<Artifact | undefined> {
    const path = folder.pathOf(key);
    const there = await parts(key, token);
    if (!there) return finished(key);
    checkComplete(key, there, count);
    const partial = partialOf(path);
    try {
      const body = Readable.from(bytesOf(folderOf(key, token), count), { objectMode: false });
      const { bytes } = await writeFlushed(await open(partial, 'wx'), body);
      await place(partial, path, { ifAbsent: false });
      await discard(key, token);
      return { key, bytes, contentType: contentTypeOf(key) };
    } catch (error) {
      // Another process was faster, or it was aborted.
      if (codeOf(error) === 'ENOENT' && !(await parts(key, token))) return finished(key);
      throw asDiskFull(error, `${folder.root} for ${key}`);
    } finally {
      await folder.remove(partial);
    }
  }

  return {
    parts,
    abort: discard,

    async begin(key) {
      const token = randomBytes(8).toString('hex');
      const dir = folderOf(key, token);
      await inFolder(dir, () => mkdir(dir));
      return token;
    },

    linkToPart: async (part, seconds) => links.signPart(part, seconds),

    async receive({ key, token, number }, body) {
      const path = join(folderOf(key, token), `${number}`);
      const partial = partialOf(path);
      try {
        const handle = await open(partial, 'wx').catch(absent);
        if (!handle) return undefined;
        await writeFlushed(handle, ownStream(body, undefined));
        await rename(partial, path);
        return await partAt(path, number);
      } catch (error) {
        // Aborted, or completed, while this part came.
        return absent(asDiskFull(error, `${folder.root} for part ${number} of ${key}`));
      } finally {
        await unlink(partial).catch(absent);
      }
    },

    complete(key, token, count) {
      const running = completing.get(token) ?? joinParts(key, token, count).finally(() => completing.delete(token));
      completing.set(token, running);
      return running;
    },
  };
}

async function* bytesOf(dir: string, count: number): AsyncGenerator<Buffer> {
  for (let number = 1; number <= count; number++) yield* createReadStream(join(dir, `${number}`));
}
