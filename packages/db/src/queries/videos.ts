import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database, Sql } from '../open.ts';
import { jobs } from '../schema/jobs.ts';
import { videos } from '../schema/videos.ts';
import { removeJobs } from './removal.ts';
import { type After, olderThan, type Sight, seenBy } from './sight.ts';

export type Video = typeof videos.$inferSelect;

export async function insertVideo(db: Sql, video: typeof videos.$inferInsert): Promise<Video> {
  const [row] = await db.insert(videos).values(video).returning();
  return row!;
}

export async function findVideo(db: Sql, id: string, sight: Sight = {}): Promise<Video | undefined> {
  const [row] = await db
    .select()
    .from(videos)
    .where(and(eq(videos.id, id), seenBy(videos.owner, sight)));
  return row;
}

/** Newest first. */
export const listVideos = (
  db: Sql,
  { limit, after, ...sight }: Sight & { limit: number; after?: After | undefined },
): Promise<Video[]> =>
  db
    .select()
    .from(videos)
    .where(and(seenBy(videos.owner, sight), olderThan(videos, after)))
    .orderBy(desc(videos.createdAt), desc(videos.id))
    .limit(limit);

export async function updateVideo(db: Sql, id: string, change: Partial<Video>): Promise<void> {
  await db
    .update(videos)
    .set({ ...change, updatedAt: sql`now()` })
    .where(eq(videos.id, id));
}

/** Its scenes, frames and moments go with it, and the jobs that looked at it with their files. */
export async function deleteVideo(db: Database, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    // Jobs first: whoever settles one holds its row, and then reaches for the video's.
    const own = await tx.select({ id: jobs.id }).from(jobs).where(eq(jobs.subject, id)).for('update');
    if (own.length > 0)
      await removeJobs(
        tx,
        own.map((job) => job.id),
      );
    await tx.delete(videos).where(eq(videos.id, id));
  });
}
