import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '@reverie/contracts';
import { codeOf } from './fs-folder.ts';

/** Streams a body into a file and closes it. It is on the disk, not just on its way there, when this resolves. */
export async function writeFlushed(handle: FileHandle, body: Readable): Promise<{ bytes: number }> {
  const file = handle.createWriteStream({ flush: true });
  await pipeline(body, file);
  return { bytes: file.bytesWritten };
}

/** For `throw` in a `catch`: a full disk is a failure with a name, all else stays what it is. */
export const asDiskFull = (error: unknown, what: string): unknown =>
  ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '')
    ? new Failure('disk_full', `no room left in ${what}`, { cause: error })
    : error;
