import { artifactKey, type UploadStatus } from '@reverie/contracts';
import { and, desc, eq, lte, ne, type SQL, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { artifacts } from '../schema/artifacts.ts';
import { jobs } from '../schema/jobs.ts';
import { uploads } from '../schema/uploads.ts';
import { type After, olderThan, type Sight, seenBy } from './sight.ts';

export type Upload = typeof uploads.$inferSelect;
type NewUpload = Omit<typeof uploads.$inferInsert, 'expiresAt'>;

const inHours = (hours: number) => sql`now() + make_interval(secs => ${hours * 3_600})`;

const isDue = lte(uploads.expiresAt, sql`now()`);

/** The words of the index jobs_by_upload. */
const usedByLive = (uploadId: SQL) =>
  sql`left(lower(${jobs.input} ->> 'sourceUrl'), 43) = 'upload:' || ${uploadId} and ${jobs.status} in ('queued', 'processing')`;

/** What is being removed is seen by nobody any more. */
const visible = (sight: Sight) => and(ne(uploads.status, 'aborted'), seenBy(uploads.owner, sight));

export async function insertUpload(db: Sql, upload: NewUpload, { hours }: { hours: number }): Promise<Upload> {
  const [row] = await db
    .insert(uploads)
    .values({ ...upload, expiresAt: inHours(hours) })
    .returning();
  return row!;
}

export async function findUpload(db: Sql, id: string, sight: Sight): Promise<Upload | undefined> {
  const [row] = await db
    .select()
    .from(uploads)
    .where(and(eq(uploads.id, id), visible(sight)));
  return row;
}

/** Held as it is until the transaction ends: nobody removes what a job that is being submitted needs. */
export async function holdUpload(db: Sql, id: string, sight: Sight): Promise<Upload | undefined> {
  const [row] = await db
    .select()
    .from(uploads)
    .where(and(eq(uploads.id, id), visible(sight)))
    .for('share');
  return row;
}

/** For whoever is about to remove it; `due`: only if its time has come. */
export async function lockUpload(db: Sql, id: string, { due }: { due: boolean }): Promise<Upload | undefined> {
  const [row] = await db
    .select()
    .from(uploads)
    .where(and(eq(uploads.id, id), due ? isDue : undefined))
    .for('update');
  return row;
}

/** Newest first. */
export const listUploads = (
  db: Sql,
  {
    limit,
    after,
    status,
    ...sight
  }: Sight & { limit: number; after?: After | undefined; status?: UploadStatus | undefined },
): Promise<Upload[]> =>
  db
    .select()
    .from(uploads)
    .where(and(visible(sight), status && eq(uploads.status, status), olderThan(uploads, after)))
    .orderBy(desc(uploads.createdAt), desc(uploads.id))
    .limit(limit);

/** Somebody is still sending: it is not abandoned. Undefined when it is not open any more. */
export async function keepUploadOpen(db: Sql, id: string, { hours }: { hours: number }): Promise<Upload | undefined> {
  const [row] = await db
    .update(uploads)
    .set({ expiresAt: inHours(hours) })
    .where(and(eq(uploads.id, id), eq(uploads.status, 'open')))
    .returning();
  return row;
}

/** Undefined when it was removed meanwhile. */
export async function completeUpload(db: Sql, id: string, { hours }: { hours: number }): Promise<Upload | undefined> {
  const [row] = await db
    .update(uploads)
    .set({ status: 'complete', completedAt: sql`coalesce(${uploads.completedAt}, now())`, expiresAt: inHours(hours) })
    .where(and(eq(uploads.id, id), ne(uploads.status, 'aborted')))
    .returning();
  return row;
}

/** Its files go next, and its row when they have gone. Due at once, should whoever removes them not come to it. */
export async function abortUpload(db: Sql, id: string): Promise<void> {
  await db.update(uploads).set({ status: 'aborted', expiresAt: sql`now()` }).where(eq(uploads.id, id));
}

/** And from the lists of the jobs that used it. */
export async function deleteUpload(db: Sql, id: string): Promise<void> {
  await db.delete(artifacts).where(eq(artifacts.key, artifactKey.upload(id)));
  await db.delete(uploads).where(eq(uploads.id, id));
}

/** Begun and not finished, or finished, too long ago and used by no live job; and what is being removed and was left half done. */
export const uploadsDue = (db: Sql, { limit }: { limit: number }): Promise<Pick<Upload, 'id'>[]> =>
  db
    .select({ id: uploads.id })
    .from(uploads)
    .where(and(isDue, sql`not exists (select from ${jobs} where ${usedByLive(sql`${uploads.id}`)})`))
    .orderBy(uploads.expiresAt)
    .limit(limit);

/** A job that has not ended and has this upload as its source. */
export async function jobUsing(db: Sql, uploadId: string): Promise<string | undefined> {
  const [row] = await db
    .select({ id: jobs.id })
    .from(jobs)
    .where(usedByLive(sql`${uploadId}`))
    .limit(1);
  return row?.id;
}
