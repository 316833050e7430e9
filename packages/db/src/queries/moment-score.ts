import { type SQL, sql } from 'drizzle-orm';
import { realArray } from '../real-array.ts';
import type { Wording } from '../search-words.ts';

/** What a search is about, as a vector. */
export interface Meaning {
  model: string;
  vector: Float32Array;
}

/** Where pgvector is installed: the schema of its type and operators. */
export interface Pgvector {
  schema: string;
}

/**
 * How well a moment `m` fits, from 0 to 1. This is the only place that knows:
 *
 *   score = 0.7 × likeness + 0.3 × words, or words alone where there is no vector to compare
 *   likeness = the cosine of the two vectors, 0 if they point away from each other
 *   words = 0.6 × share + 0.25 × phrase + 0.15 × share × closeness
 *     share: of the words searched for, so many are in the moment; one that only begins a word there counts half
 *     phrase: 1 if they stand there one after the other
 *     closeness: different words searched for / different words there, 1 at most
 *
 * So the very same wording has 1, and nothing that says more, less or something else has.
 */
export function scoreOf(wording: Wording | undefined, likeness: SQL | undefined): SQL {
  const words = wording ? wordsScore(wording) : sql`0`;
  return likeness ? sql`coalesce(0.7 * ${likeness} + 0.3 * ${words}, ${words})` : words;
}

export const hasAny = ({ any }: Wording): SQL => sql`m.words @@ ${any}::tsquery`;

function wordsScore(wording: Wording): SQL {
  const { whole, begun, phrase } = wording;
  const count = whole.length;
  const share = sql`(
    select sum(case when m.words @@ t.whole then 1.0 when m.words @@ t.begun then 0.5 else 0 end) / ${count}::float8
    from unnest(${sql.param(whole)}::text[]::tsquery[], ${sql.param(begun)}::text[]::tsquery[]) as t (whole, begun))`;
  return sql`(case when ${hasAny(wording)} then
    ${share} * (0.6 + 0.15 * least(1, ${count}::float8 / length(m.words)))
    + case when m.words @@ ${phrase}::tsquery then 0.25 else 0 end else 0 end)`;
}

/** Null for vectors of other models or of other lengths: they cannot be compared. */
export function likenessOf({ model, vector }: Meaning, pgvector: Pgvector | undefined): SQL {
  const product = pgvector ? productBy(pgvector, vector) : plainProduct(vector);
  const comparable = sql`m.model = ${model} and cardinality(m.vector) = ${vector.length}`;
  return sql`case when ${comparable} then greatest(0, ${product}) end`;
}

const plainProduct = (vector: Float32Array): SQL =>
  sql`(select sum(t.a::float8 * t.b) from unnest(m.vector, ${realArray(vector)}::real[]) as t (a, b))`;

/** Its operator gives the negative product. */
function productBy({ schema }: Pgvector, vector: Float32Array): SQL {
  const type = sql`${sql.identifier(schema)}.vector`;
  return sql`-(m.vector::${type} operator(${sql.identifier(schema)}.<#>) ${realArray(vector)}::real[]::${type})`;
}
