import { eq, getTableColumns, inArray, type SQL, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { frames, moments, videos } from '../schema/videos.ts';
import { wordingOf } from '../search-words.ts';
import { hasAny, likenessOf, type Meaning, type Pgvector, scoreOf } from './moment-score.ts';
import type { Sight } from './sight.ts';

/** Where is searched. */
export interface SearchScope extends Sight {
  videoIds?: readonly string[] | undefined;
  kinds?: readonly string[] | undefined;
}

interface Hit {
  id: string;
  score: number;
}

/** Compared in one statement, so that none comes near the time a statement may take: 1,000 vectors of 1,536 numbers are 0.3 s of CPU. */
const AT_ONCE = { plain: 1_000, pgvector: 20_000 };

/** Pgvector adds in 32 bits and may swap two that are alike to the sixth digit: so many more than are wanted are looked at again. */
const SPARE = 50;

/** Undefined where the database does not have it. */
export async function findPgvector(db: Sql): Promise<Pgvector | undefined> {
  const { rows } = await db.execute<{ schema: string }>(sql`
    select n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'vector'`);
  return rows[0];
}

export async function hasMomentsOf(db: Sql, scope: SearchScope, model: string): Promise<boolean> {
  const { rows } = await db.execute<{ found: boolean }>(
    sql`select exists (select from moments m where ${within(scope)} and m.model = ${model}) as found`,
  );
  return rows[0]!.found;
}

const { words: _, vector: __, ...shown } = getTableColumns(moments);

/** What there is to show of them. */
export const findMoments = (db: Sql, ids: string[]) =>
  db
    .select({ moment: shown, title: videos.title, frame: frames })
    .from(moments)
    .innerJoin(videos, eq(videos.id, moments.videoId))
    .leftJoin(frames, eq(frames.id, moments.frameId))
    .where(inArray(moments.id, ids));

/** The moments with any of these words, best first. */
export async function searchWords(db: Sql, text: string, scope: SearchScope, limit: number): Promise<Hit[]> {
  const wording = wordingOf(text);
  if (!wording) return [];
  const { rows } = await db.execute<{ id: string; score: number }>(sql`
    select m.id, ${scoreOf(wording, undefined)} as score from moments m
    where ${within(scope)} and ${hasAny(wording)} order by score desc, m.id limit ${limit}`);
  return rows;
}

/**
 * The moments that mean or say the like, best first; every one is compared. Where pgvector is, it only narrows down: the
 * score itself is computed as without it, so the answers are the same.
 */
export async function searchMeaning(
  db: Sql,
  { text, meaning, scope, limit }: { text: string; meaning: Meaning; scope: SearchScope; limit: number },
  pgvector: Pgvector | undefined,
): Promise<Hit[]> {
  const wording = wordingOf(text);
  const among = sql`${within(scope)} and (m.model = ${meaning.model}${wording ? sql` or ${hasAny(wording)}` : sql``})`;
  const plain = scoreOf(wording, likenessOf(meaning, undefined));
  if (!pgvector) return best(db, { score: plain, among, limit, atOnce: AT_ONCE.plain });
  const score = scoreOf(wording, likenessOf(meaning, pgvector));
  const near = await best(db, { score, among, limit: limit + SPARE, atOnce: AT_ONCE.pgvector });
  const ids = sql`m.id = any(${sql.param(near.map(({ id }) => id))}::text[])`;
  return best(db, { score: plain, among: ids, limit, atOnce: AT_ONCE.plain });
}

/** Goes through all of them in the order of their ids, and keeps the best. */
async function best(
  db: Sql,
  { score, among, limit, atOnce }: { score: SQL; among: SQL; limit: number; atOnce: number },
): Promise<Hit[]> {
  let hits: Hit[] = [];
  for (let after = ''; ; ) {
    const { rows } = await db.execute<{ id: string; score: number; last: string; seen: number }>(sql`
      select m.id, ${score} as score, max(m.id) over () as last, (count(*) over ())::int as seen
      from (select * from moments m where ${among} and m.id > ${after} order by m.id limit ${atOnce}) m
      order by score desc, m.id limit ${limit}`);
    hits = [...hits, ...rows.map(({ id, score }) => ({ id, score }))].sort(byScore).slice(0, limit);
    const [row] = rows;
    if (!row || row.seen < atOnce) return hits;
    after = row.last;
  }
}

/** Of two that fit equally well, always the same is first. */
const byScore = (a: Hit, b: Hit) => b.score - a.score || (a.id < b.id ? -1 : 1);

const within = ({ owner, videoIds, kinds }: SearchScope): SQL =>
  sql.join(
    [
      sql`true`,
      ...(owner === undefined ? [] : [sql`m.owner = ${owner}`]),
      ...(videoIds === undefined ? [] : [sql`m.video_id = any(${sql.param(videoIds)}::uuid[])`]),
      ...(kinds === undefined ? [] : [sql`m.kind = any(${sql.param(kinds)}::text[])`]),
    ],
    sql` and `,
  );

export type { Meaning, Pgvector };
