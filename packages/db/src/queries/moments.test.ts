import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { freshDatabase, withClient } from '../../../../test/support/database.ts';
import { vectorOf } from '../../../../test/support/openai-embeddings.ts';
import { migrateDatabase } from '../migrate.ts';
import { type Database, openDatabase } from '../open.ts';
import { wordsOf } from '../search-words.ts';
import { findPgvector, searchMeaning, searchWords } from './moments.ts';
import { insertMoments, type MomentRow } from './video-parts.ts';
import { insertVideo } from './videos.ts';

const MODEL = 'text-embedding-3-small';
const DIMENSIONS = 32;
const WORDS = 'red blue door open shut garden moon water lantern button press reset password menu silver grass'.split(
  ' ',
);

/** Always the same numbers from 0 to `below`. */
function dice(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}
const roll = dice(7);
const sentence = () => Array.from({ length: 2 + roll(7) }, () => WORDS[roll(WORDS.length)]).join(' ');

interface Known {
  row: MomentRow;
  vector: Float32Array | undefined;
}

/** Moments of two owners: of every ten one has no vector, one another model's, one a shorter one. */
function moments(videoId: string, owner: string, count: number): Known[] {
  return Array.from({ length: count }, (_, i) => {
    const text = sentence();
    const kind = (['speech', 'caption', 'screen'] as const)[i % 3]!;
    const model = i % 10 === 1 ? null : i % 10 === 2 ? 'another' : MODEL;
    const id = `${videoId}_moment_${String(i).padStart(5, '0')}`;
    const row = { id, videoId, owner, kind, start: i, end: i + 1, text, sceneId: null, frameId: null, model };
    const vector = model === null ? undefined : Float32Array.from(vectorOf(text, i % 10 === 3 ? 8 : DIMENSIONS));
    return { row, vector };
  });
}

/** What moment-score.ts says, said again in other words. */
function expectedScore(query: string, { row, vector }: Known): number {
  const [asked, said] = [wordsOf(query), wordsOf(row.text)];
  const wished = [...new Set(asked)];
  const found = wished.map((word) => {
    if (said.includes(word)) return 1;
    return word.length >= 3 && said.some((other) => other.startsWith(word)) ? 0.5 : 0;
  });
  const share = found.reduce<number>((a, b) => a + b, 0) / wished.length;
  const phrase = ` ${said.join(' ')} `.includes(` ${asked.join(' ')} `) ? 1 : 0;
  const closeness = Math.min(1, wished.length / new Set(said).size);
  const words = 0.6 * share + 0.25 * phrase + 0.15 * share * closeness;
  const meant = Float32Array.from(vectorOf(query, DIMENSIONS));
  if (row.model !== MODEL || vector?.length !== DIMENSIONS) return words;
  const likeness = vector.reduce((sum, n, i) => sum + n * meant[i]!, 0);
  return 0.7 * Math.max(0, likeness) + 0.3 * words;
}

const QUERIES = ['press the red button', 'moon', 'gard', 'lantern water silver', 'password reset password', 'shut'];
const meaningOf = (text: string) => ({ model: MODEL, vector: Float32Array.from(vectorOf(text, DIMENSIONS)) });
const asked = (text: string, limit = 20) => ({ text, meaning: meaningOf(text), scope: { owner: 'anna' }, limit });

async function fill(url: string) {
  const db = openDatabase({ url, connections: 2, onError: () => {} });
  const known: Known[] = [];
  for (const [owner, count] of [
    ['anna', 700],
    ['anna', 600],
    ['bert', 50],
  ] as const) {
    const { id } = await insertVideo(db, { owner, sourceUrl: 'https://example.com/a.mp4' });
    const all = moments(id, owner, count);
    async function* vectors() {
      for (const { vector } of all) yield vector as Float32Array;
    }
    await insertMoments(
      db,
      all.map(({ row }) => row),
      vectors(),
    );
    known.push(...all);
  }
  return { db, known };
}

describe('a search by meaning', () => {
  let db: Database;
  let known: Known[];
  beforeAll(async () => {
    ({ db, known } = await fill(await freshDatabase()));
  });
  afterAll(() => db.close());
  const own = (owner: string) => known.filter(({ row }) => row.owner === owner);

  test.each(QUERIES)('compares every moment, by the formula: %s', async (text) => {
    const hits = await searchMeaning(db, asked(text), undefined);
    const expected = own('anna')
      .filter((moment) => moment.row.model === MODEL || expectedScore(text, moment) > 0)
      .map((moment) => ({ id: moment.row.id, score: expectedScore(text, moment) }))
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
    for (const [i, { id, score }] of hits.entries()) {
      expect(score).toBeCloseTo(expected[i]!.score, 6);
      expect(score).toBeCloseTo(expected.find((one) => one.id === id)!.score, 6);
    }
    expect(hits).toHaveLength(20);
  });

  test('the very same wording comes first, by meaning and by words', async () => {
    const { text } = own('anna').find(({ row }) => wordsOf(row.text).length === 8)!.row;
    const same = own('anna').filter(({ row }) => row.text === text);
    const [byMeaning] = await searchMeaning(db, asked(text), undefined);
    const [byWords] = await searchWords(db, text, { owner: 'anna' }, 5);
    expect(same.map(({ row }) => row.id)).toContain(byMeaning!.id);
    expect(same.map(({ row }) => row.id)).toContain(byWords!.id);
    expect([byMeaning!.score, byWords!.score]).toEqual([expect.closeTo(1, 6), expect.closeTo(1, 6)]);
  });

  test('finds nobody else’s, and looks only where it is told to', async () => {
    const bert = own('bert');
    const all = await searchMeaning(db, { ...asked('moon', 100), scope: { owner: 'bert' } }, undefined);
    const ids = new Set(bert.map(({ row }) => row.id));
    expect(all.length).toBeGreaterThan(30);
    expect(all.every(({ id }) => ids.has(id))).toBe(true);
    const nothing = { owner: 'anna', videoIds: [bert[0]!.row.videoId] };
    expect(await searchMeaning(db, { ...asked('moon'), scope: nothing }, undefined)).toEqual([]);
    expect(await searchWords(db, 'moon', nothing, 10)).toEqual([]);
    const kinds = await searchWords(db, 'moon', { kinds: ['screen'] }, 100);
    const kindOf = new Map(known.map(({ row }) => [row.id, row.kind]));
    expect(new Set(kinds.map(({ id }) => kindOf.get(id)))).toEqual(new Set(['screen']));
  });
});

/** The tests' own server, or the one that PGVECTOR_SERVER_URL names, if it has pgvector. */
const server = process.env.PGVECTOR_SERVER_URL ?? inject('postgresUrl');
const hasPgvector = await withClient(server, async (client) => {
  const { rowCount } = await client.query(`select from pg_available_extensions where name = 'vector'`);
  return rowCount === 1;
});

describe.skipIf(!hasPgvector)('with pgvector', () => {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(`/${name}`, server).href;
  let db: Database;
  beforeAll(async () => {
    await withClient(server, (client) => client.query(`create database ${name}`));
    await migrateDatabase(url);
    ({ db } = await fill(url));
  });
  afterAll(async () => {
    await db.close();
    await withClient(server, (client) => client.query(`drop database ${name}`));
  });

  test('migrations switch it on, and it is found wherever it is', async () => {
    expect(await findPgvector(db)).toEqual({ schema: 'public' });
    await db.execute('create schema "else where"');
    await db.execute('alter extension vector set schema "else where"');
    expect(await findPgvector(db)).toEqual({ schema: 'else where' });
  });

  test.each([...QUERIES, '?!', randomUUID()])('the answers are the same, to the last digit: %s', async (text) => {
    const pgvector = await findPgvector(db);
    expect(pgvector).toBeDefined();
    for (const limit of [1, 20, 100]) {
      const answers = await searchMeaning(db, asked(text, limit), pgvector);
      expect(answers).toEqual(await searchMeaning(db, asked(text, limit), undefined));
      expect(answers).toHaveLength(limit);
    }
  });
});
