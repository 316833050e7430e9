import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '@reverie/contracts';

/** Writes what comes from outside into the folder of a run, and no more of it than there may be. */
export function openIntake({ dir, maxBytes, signal }: { dir: string; maxBytes: number; signal: AbortSignal }) {
  let bytes = 0;
  async function* counted(body: AsyncIterable<Uint8Array>) {
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        throw new Failure('source_too_large', `the video has more than ${maxBytes} bytes (MAX_SOURCE_BYTES)`);
      }
      yield chunk;
    }
  }
  return {
    /** Adds to the end of a file; says by how much. */
    async append(name: string, body: Readable): Promise<number> {
      const before = bytes;
      await pipeline(body, counted, createWriteStream(join(dir, name), { flags: 'a' }), { signal }).catch(noRoom);
      return bytes - before;
    },
  };
}
export type Intake = ReturnType<typeof openIntake>;

function noRoom(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error;
  throw new Failure('disk_full', 'no room left on the disk of the pod (SCRATCH_DIR)', { cause: error });
}
