import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database, Sql } from '../open.ts';
import { jobs } from '../schema/jobs.ts';
import { posts } from '../schema/posts.ts';
import { removeJobs } from './removal.ts';
import { type After, olderThan, type Sight, seenBy } from './sight.ts';

export type Post = typeof posts.$inferSelect;
export type NewPost = typeof posts.$inferInsert;

const KEY = sql`coalesce(hls_s3_key, hls_input_key)`;

/** Undefined when the id is taken. */
export async function insertPost(db: Sql, post: NewPost): Promise<Post | undefined> {
  const [row] = await db.insert(posts).values(post).onConflictDoNothing().returning();
  return row;
}

export async function findPost(db: Sql, id: string, sight: Sight = {}): Promise<Post | undefined> {
  const [row] = await db
    .select()
    .from(posts)
    .where(and(eq(posts.id, id), seenBy(posts.owner, sight)));
  return row;
}

/** Newest first. */
export const listPosts = (
  db: Sql,
  { limit, after, ...sight }: Sight & { limit: number; after?: After | undefined },
): Promise<Post[]> =>
  db
    .select()
    .from(posts)
    .where(and(seenBy(posts.owner, sight), olderThan(posts, after)))
    .orderBy(desc(posts.createdAt), desc(posts.id))
    .limit(limit);

export async function updatePost(db: Sql, id: string, change: Partial<Omit<NewPost, 'id' | 'owner'>>): Promise<void> {
  await db
    .update(posts)
    .set({ ...change, updatedAt: sql`now()` })
    .where(eq(posts.id, id));
}

/** It has subtitles; unless it names another video by now, whose subtitles these are not. */
export async function completePost(
  db: Sql,
  id: string,
  inputKey: string,
  made: Pick<NewPost, 'subtitleVttUrl' | 'subtitleHlsMaster' | 'subtitleManifest'>,
): Promise<void> {
  await db
    .update(posts)
    .set({ ...made, hasSubtitles: true, updatedAt: sql`now()` })
    .where(and(eq(posts.id, id), sql`${KEY} = ${inputKey}`));
}

/** Where a post's video is; the first of the two that is set. */
export const inputKeyOf = ({ hlsS3Key, hlsInputKey }: Pick<Post, 'hlsS3Key' | 'hlsInputKey'>): string | null =>
  hlsS3Key ?? hlsInputKey;

/** Posts nobody has made subtitles for from the video they name now; and the live job for the one they named before. */
export async function postsToWatch(
  db: Sql,
  { users, limit }: { users: readonly string[]; limit: number },
): Promise<{ id: string; liveJobId: string | null }[]> {
  const listed =
    users.length === 0
      ? undefined
      : sql`coalesce(${posts.userId}, ${posts.owner}) = any(${sql.param([...users])}::text[])`;
  return db
    .select({ id: posts.id, liveJobId: jobs.id })
    .from(posts)
    .leftJoin(jobs, and(eq(jobs.subject, posts.id), sql`${jobs.status} in ('queued', 'processing')`))
    .where(and(WATCHED, listed))
    .orderBy(posts.createdAt, posts.id)
    .limit(limit);
}

/** Live jobs whose post another program has deleted. */
export const jobsOfGonePosts = (db: Sql): Promise<{ id: string }[]> =>
  db
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        eq(jobs.pipeline, 'subtitles'),
        sql`${jobs.status} in ('queued', 'processing') and ${jobs.subject} is not null`,
        sql`not exists (select from ${posts} where ${posts.id} = ${jobs.subject})`,
      ),
    );

/** The post, if it is still to be done and nobody else is at it, held until the transaction ends. */
export async function holdPostToWatch(db: Sql, id: string): Promise<Post | undefined> {
  const [row] = await db
    .select()
    .from(posts)
    .where(and(eq(posts.id, id), WATCHED))
    .for('update', { skipLocked: true });
  return row;
}

/** As in the index `posts_to_watch`. */
const WATCHED = sql`not has_subtitles and ${KEY} is not null and subtitle_key is distinct from ${KEY}`;

/** The post, the jobs that worked for it, and what they made. */
export async function deletePost(db: Database, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    // Jobs first: whoever settles one holds its row, and then reaches for the post's.
    const own = await tx.select({ id: jobs.id }).from(jobs).where(eq(jobs.subject, id)).for('update');
    if (own.length > 0)
      await removeJobs(
        tx,
        own.map((job) => job.id),
      );
    await tx.delete(posts).where(eq(posts.id, id));
  });
}
