import { JOB_STATUSES, type MediaFacts } from '@reverie/contracts';
import { customType, doublePrecision, index, integer, jsonb, pgTable, real, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

/** Who made what of a video; absent where a stage was left out. */
export interface VideoModels {
  transcription?: string;
  vision?: string;
  embeddings?: { model: string; dimensions: number };
}

/** A video and what an analysis found in it. Ids of its parts are its own id, what they are and their number. */
export const videos = pgTable(
  'videos',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    owner: text('owner').notNull(),
    title: text('title'),
    sourceUrl: text('source_url').notNull(),
    jobId: uuid('job_id'),
    status: text('status', { enum: JOB_STATUSES }),
    facts: jsonb('facts').$type<MediaFacts>(),
    /** The normalised video's key. */
    videoKey: text('video_key'),
    audioKey: text('audio_key'),
    resultKey: text('result_key'),
    transcript: text('transcript'),
    language: text('language'),
    /** Stages that were left out, and why. */
    without: jsonb('without').$type<Record<string, string>>(),
    models: jsonb('models').$type<VideoModels>(),
    /** USD */
    cost: doublePrecision('cost'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
    completedAt: at('completed_at'),
  },
  (t) => [index('videos_by_owner').on(t.owner, t.createdAt.desc(), t.id)],
);

const ofVideo = () =>
  uuid('video_id')
    .notNull()
    .references(() => videos.id, { onDelete: 'cascade' });
const span = { start: doublePrecision('start').notNull(), end: doublePrecision('end').notNull() };

export const scenes = pgTable(
  'scenes',
  { id: text('id').primaryKey(), videoId: ofVideo(), number: integer('number').notNull(), ...span },
  (t) => [index('scenes_by_video').on(t.videoId, t.number)],
);

export const frames = pgTable(
  'frames',
  {
    id: text('id').primaryKey(),
    videoId: ofVideo(),
    sceneId: text('scene_id').notNull(),
    number: integer('number').notNull(),
    time: doublePrecision('time').notNull(),
    key: text('key').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [index('frames_by_video').on(t.videoId, t.number)],
);

export const frameCaptions = pgTable(
  'frame_captions',
  {
    id: text('id').primaryKey(),
    videoId: ofVideo(),
    frameId: text('frame_id').notNull(),
    caption: text('caption').notNull(),
    controls: text('controls').array().notNull(),
    textOnScreen: text('text_on_screen').notNull(),
    model: text('model').notNull(),
  },
  (t) => [index('frame_captions_by_video').on(t.videoId)],
);

export const transcriptSegments = pgTable(
  'transcript_segments',
  {
    id: text('id').primaryKey(),
    videoId: ofVideo(),
    number: integer('number').notNull(),
    ...span,
    text: text('text').notNull(),
  },
  (t) => [index('transcript_segments_by_video').on(t.videoId, t.number)],
);

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

export const MOMENT_KINDS = ['speech', 'caption', 'screen'] as const;

/** What a search looks through: a sentence, what is to be seen, what is written there, with its vector if there is one. */
export const moments = pgTable(
  'moments',
  {
    id: text('id').primaryKey(),
    videoId: ofVideo(),
    owner: text('owner').notNull(),
    kind: text('kind', { enum: MOMENT_KINDS }).notNull(),
    ...span,
    text: text('text').notNull(),
    sceneId: text('scene_id'),
    frameId: text('frame_id'),
    model: text('model'),
    /** Of length 1. */
    vector: real('vector').array(),
    /** The text's words as search-words.ts cuts them, so that they are the same whatever the database's locale. */
    words: tsvector('words').notNull(),
  },
  (t) => [
    index('moments_by_video').on(t.videoId),
    index('moments_by_owner').on(t.owner, t.id),
    index('moments_by_words').using('gin', t.words),
  ],
);
