import { type Artifact, isUploaded } from '@reverie/contracts';
import { and, asc, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { artifacts } from '../schema/artifacts.ts';
import { jobs } from '../schema/jobs.ts';

export type ArtifactRow = typeof artifacts.$inferSelect;

/** A key is written again when its stage is: the newer file is the file, and no other job's any more. An upload is nobody's to take. */
export async function recordNewArtifacts(
  db: Sql,
  of: { jobId: string; stage: string },
  files: Artifact[],
): Promise<void> {
  const keys = files.filter((file) => !isUploaded(file)).map(({ key }) => key);
  if (keys.length > 0)
    await db.delete(artifacts).where(and(inArray(artifacts.key, keys), ne(artifacts.jobId, of.jobId)));
  await recordArtifacts(db, of, files);
}

/** Files that belong to this job, too. */
export async function recordArtifacts(db: Sql, of: { jobId: string; stage: string }, files: Artifact[]): Promise<void> {
  // An output may name a file twice, and a statement may write a row but once.
  const rows = [...new Map(files.map((file) => [file.key, { ...of, ...file }])).values()];
  if (rows.length === 0) return;
  await db
    .insert(artifacts)
    .values(rows)
    .onConflictDoUpdate({
      target: [artifacts.key, artifacts.jobId],
      set: {
        stage: of.stage,
        bytes: sql`excluded.bytes`,
        contentType: sql`excluded.content_type`,
        createdAt: sql`now()`,
      },
    });
}

export const artifactsOf = (sql: Sql, jobIds: string[]): Promise<ArtifactRow[]> =>
  sql
    .select()
    .from(artifacts)
    .where(inArray(artifacts.jobId, jobIds))
    .orderBy(asc(artifacts.createdAt), asc(artifacts.key));

export async function ownerOfArtifact(sql: Sql, key: string): Promise<string | undefined> {
  const [row] = await sql
    .select({ owner: jobs.owner })
    .from(artifacts)
    .innerJoin(jobs, eq(jobs.id, artifacts.jobId))
    .where(eq(artifacts.key, key));
  return row?.owner;
}
