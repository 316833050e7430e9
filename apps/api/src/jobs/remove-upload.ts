import { artifactKey } from '@reverie/contracts';
import { abortUpload, deleteUpload, jobUsing, lockUpload, type Upload, uploadsDue } from '@reverie/db';
import type { Life } from './life.ts';

/**
 * The row says first that it goes, then its bytes go, then the row: whoever dies in between leaves a row that is due. Answers
 * with the job that still needs the upload, if there is one; then nothing has happened.
 */
export async function removeUpload(
  { db, store }: Pick<Life, 'db' | 'store'>,
  id: string,
  { onlyIfDue = false } = {},
): Promise<{ usedBy?: string }> {
  const { upload, usedBy } = await db.transaction(async (tx) => {
    const upload = await lockUpload(tx, id, { due: onlyIfDue });
    const usedBy = upload && (await jobUsing(tx, id));
    if (upload && !usedBy) await abortUpload(tx, id);
    return { upload, usedBy };
  });
  if (usedBy) return { usedBy };
  if (!upload) return {};
  const key = artifactKey.upload(id);
  await store.uploads.abort(key, upload.token);
  await store.delete(key);
  await deleteUpload(db, id);
  return {};
}

/** As many as an hour may bring; more wait for the next. */
const MOST_AT_ONCE = 1_000;

/** Uploads that nobody finished, or nobody used. */
export async function sweepUploads(life: Pick<Life, 'db' | 'store' | 'log'>, signal: AbortSignal): Promise<void> {
  for (const { id } of await uploadsDue(life.db, { limit: MOST_AT_ONCE })) {
    if (signal.aborted) return;
    await removeUpload(life, id, { onlyIfDue: true }).catch((error: Error) =>
      life.log.warn({ upload: id, error: error.message }, 'an upload was not removed; it is tried again'),
    );
  }
}

/** Their parts go, for rows that have gone already. */
export async function abortUploads(
  { store, log }: Pick<Life, 'store' | 'log'>,
  uploads: Pick<Upload, 'id' | 'token'>[],
): Promise<void> {
  for (const { id, token } of uploads) {
    await store.uploads
      .abort(artifactKey.upload(id), token)
      .catch((error: Error) => log.warn({ upload: id, error: error.message }, 'parts of an upload stay in the store'));
  }
}
