import { artifactKey } from '@reverie/contracts';
import { completeUpload, type Upload } from '@reverie/db';
import { Refusal } from '../refusal.ts';
import type { Life } from './life.ts';
import { removeUpload } from './remove-upload.ts';
import { allParts, incomplete, missingParts, partCount, type SomePart } from './upload-parts.ts';

/** What has arrived. All of it when the file is there, even if whoever completed it died before he could say so. */
export async function receivedOf({ store }: Pick<Life, 'store'>, upload: Upload): Promise<SomePart[]> {
  if (upload.status === 'complete') return allParts(upload);
  const key = artifactKey.upload(upload.id);
  const parts = await store.uploads.parts(key, upload.token);
  if (parts) return parts.map(({ number, bytes }) => ({ number, bytes }));
  if ((await store.head(key))?.bytes === upload.bytes) return allParts(upload);
  throw gone('The store has nothing of this upload any more, as when a rule of the bucket ended it.');
}

/** Makes one file of the parts, once all are there and as long as they should be. Asked again, it answers the same. */
export async function completeOf(
  life: Pick<Life, 'db' | 'store'>,
  upload: Upload,
  { hours }: { hours: number },
): Promise<Upload> {
  if (upload.status === 'complete') return upload;
  const there = await receivedOf(life, upload);
  if (missingParts(upload, there).length > 0) throw incomplete(upload, there);
  const key = artifactKey.upload(upload.id);
  const file = await life.store.uploads.complete(key, upload.token, partCount(upload));
  const done = file?.bytes === upload.bytes ? await completeUpload(life.db, upload.id, { hours }) : undefined;
  if (done) return done;
  await removeUpload(life, upload.id);
  await life.store.delete(key); // whoever removed it may have been too early to see the file
  throw gone('It was removed, or its parts were changed, while it was being completed.');
}

const gone = (why: string) => new Refusal(410, 'upload_gone', `${why} Begin a new one: POST /uploads.`);
