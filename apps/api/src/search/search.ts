import {
  type Database,
  findMoments,
  findPgvector,
  hasMomentsOf,
  type Pgvector,
  type SearchScope,
  searchMeaning,
  searchWords,
} from '@reverie/db';
import type { Providers } from '@reverie/models';
import type { FastifyBaseLogger } from 'fastify';
import { type QueryVectors, queryVectors } from './query-vectors.ts';

type Details = Awaited<ReturnType<typeof findMoments>>[number];

export interface Found {
  /** By meaning and words, or by words alone. */
  mode: 'semantic' | 'text';
  /** Best first. */
  moments: (Details & { score: number })[];
}

export type Search = (query: { text: string; scope: SearchScope; limit: number }) => Promise<Found>;

/** Searches by meaning where vectors are and the provider answers, by words otherwise: a search never fails because of a model. */
export function openSearch({
  db,
  embed,
  log,
}: {
  db: Database;
  embed: Providers['embed'];
  log: FastifyBaseLogger;
}): Search {
  const vectors = queryVectors(embed);
  let pgvector: Promise<Pgvector | undefined> | undefined;

  /** Looked for once; whoever installs it later restarts the API. */
  const knownPgvector = () => {
    pgvector ??= findPgvector(db).catch((error) => {
      pgvector = undefined;
      throw error;
    });
    return pgvector;
  };

  async function meaningOf(text: string, scope: SearchScope, { model, of }: QueryVectors) {
    if (!(await hasMomentsOf(db, scope, model))) return undefined;
    return of(text).then(
      (vector) => ({ model, vector }),
      (error: Error) => void log.warn({ error: error.message }, 'a search goes by words alone'),
    );
  }

  return async ({ text, scope, limit }) => {
    const meaning = vectors && (await meaningOf(text, scope, vectors));
    const hits = meaning
      ? await searchMeaning(db, { text, meaning, scope, limit }, await knownPgvector())
      : await searchWords(db, text, scope, limit);
    const details = new Map(
      (
        await findMoments(
          db,
          hits.map(({ id }) => id),
        )
      ).map((row) => [row.moment.id, row]),
    );
    // What was analysed anew between the two statements is not there any more.
    const moments = hits.flatMap(({ id, score }) => {
      const row = details.get(id);
      return row ? [{ ...row, score }] : [];
    });
    return { mode: meaning ? 'semantic' : 'text', moments };
  };
}
