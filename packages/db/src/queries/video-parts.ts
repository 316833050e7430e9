import { asc, eq, type InferInsertModel, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { realArray } from '../real-array.ts';
import { frameCaptions, frames, moments, scenes, transcriptSegments } from '../schema/videos.ts';
import { asTsvector } from '../search-words.ts';

export type Scene = typeof scenes.$inferSelect;
export type Frame = typeof frames.$inferSelect;
export type FrameCaption = typeof frameCaptions.$inferSelect;
export type TranscriptSegment = typeof transcriptSegments.$inferSelect;
export type MomentRow = Omit<typeof moments.$inferSelect, 'words' | 'vector'>;

/** What was found in a video, but for its moments. */
export interface VideoParts {
  scenes: Scene[];
  frames: Frame[];
  captions: FrameCaption[];
  segments: TranscriptSegment[];
}

/** A row has a dozen parameters at most, and a statement 65,535. */
const ROWS_AT_ONCE = 500;

/** What an earlier analysis found makes room for what this one has found. */
export async function replaceParts(db: Sql, videoId: string, parts: VideoParts): Promise<void> {
  for (const table of [moments, transcriptSegments, frameCaptions, frames, scenes]) {
    await db.delete(table).where(eq(table.videoId, videoId));
  }
  await inBatches(parts.scenes, (some) => db.insert(scenes).values(some));
  await inBatches(parts.frames, (some) => db.insert(frames).values(some));
  await inBatches(parts.captions, (some) => db.insert(frameCaptions).values(some));
  await inBatches(parts.segments, (some) => db.insert(transcriptSegments).values(some));
}

/** Moments come with their vectors, which are read from a file: so many are held at once and no more. */
export async function insertMoments(
  db: Sql,
  rows: Iterable<MomentRow>,
  vectors: AsyncIterator<Float32Array> | undefined,
): Promise<void> {
  let batch: InferInsertModel<typeof moments>[] = [];
  for (const row of rows) {
    const vector = await vectors?.next();
    batch.push({
      ...row,
      words: asTsvector(row.text),
      vector: vector?.value ? (sql`${realArray(vector.value)}::real[]` as never) : null,
    });
    if (batch.length < ROWS_AT_ONCE) continue;
    await db.insert(moments).values(batch);
    batch = [];
  }
  if (batch.length > 0) await db.insert(moments).values(batch);
}

async function inBatches<T>(rows: readonly T[], insert: (some: T[]) => PromiseLike<unknown>): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) await insert(rows.slice(at, at + ROWS_AT_ONCE));
}

export const scenesOf = (db: Sql, videoId: string): Promise<Scene[]> =>
  db.select().from(scenes).where(eq(scenes.videoId, videoId)).orderBy(asc(scenes.number));

export const framesOf = (db: Sql, videoId: string): Promise<Frame[]> =>
  db.select().from(frames).where(eq(frames.videoId, videoId)).orderBy(asc(frames.number));

export const captionsOf = (db: Sql, videoId: string): Promise<FrameCaption[]> =>
  db.select().from(frameCaptions).where(eq(frameCaptions.videoId, videoId));

export const segmentsOf = (db: Sql, videoId: string): Promise<TranscriptSegment[]> =>
  db
    .select()
    .from(transcriptSegments)
    .where(eq(transcriptSegments.videoId, videoId))
    .orderBy(asc(transcriptSegments.number));
