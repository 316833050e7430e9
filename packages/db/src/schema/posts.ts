import { JOB_STATUSES } from '@reverie/contracts';
import { sql } from 'drizzle-orm';
import { boolean, check, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at, isTime } from './columns.ts';

/**
 * A post that wants subtitles. Other programs write rows here and read them: every column they may leave out has a
 * default, and what starts with `subtitle_` is ours to fill.
 */
export const posts = pgTable(
  'posts',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    owner: text('owner').notNull().default('default'),
    /** Whose post it is in the program that wrote it. The whitelist is about him; where he is not named, about the owner. */
    userId: text('user_id'),
    title: text('title'),
    /** The master playlist, or the video itself, in the input bucket. The first that is set counts. */
    hlsS3Key: text('hls_s3_key'),
    hlsInputKey: text('hls_input_key'),
    /** Where they are empty, the operator's settings hold. */
    sourceLang: text('source_lang'),
    targetLang: text('target_lang'),
    enableDubbing: boolean('enable_dubbing'),
    hasSubtitles: boolean('has_subtitles').notNull().default(false),
    subtitleVttUrl: text('subtitle_vtt_url'),
    subtitleHlsMaster: text('subtitle_hls_master'),
    /** All that the pod wrote; a table that is older than we are may hold any other object. */
    subtitleManifest: jsonb('subtitle_manifest').$type<Record<string, unknown>>(),
    subtitleJobId: uuid('subtitle_job_id'),
    subtitleStatus: text('subtitle_status', { enum: JOB_STATUSES }),
    /** Why there are none: a code, and a sentence for people. */
    subtitleError: text('subtitle_error'),
    /** The input key the latest job was made for: the same one is not looked at twice. */
    subtitleKey: text('subtitle_key'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (t) => [
    check('posts_created_at_is_a_time', isTime(t.createdAt)),
    check('posts_updated_at_is_a_time', isTime(t.updatedAt)),
    check('posts_subtitle_manifest_is_an_object', sql`jsonb_typeof(subtitle_manifest) = 'object'`),
    index('posts_by_owner').on(t.owner, t.createdAt.desc(), t.id),
    /** What the watch looks for; a finished post is not in it. */
    index('posts_to_watch')
      .on(t.createdAt, t.id)
      .where(
        sql`not has_subtitles and coalesce(hls_s3_key, hls_input_key) is not null and subtitle_key is distinct from coalesce(hls_s3_key, hls_input_key)`,
      ),
  ],
);
