import { variable } from '@reverie/contracts';
import { Language } from '@reverie/pipelines';
import { z } from 'zod';
import { Secrets } from '../secrets.ts';

/** Where jobs come from besides REST. */
const JOB_SOURCES = ['postgres', 'sqs', 'webhook'] as const;
export type SourceName = (typeof JOB_SOURCES)[number];

/** Words with commas between them. */
const names = (otherwise = '') =>
  z
    .string()
    .default(otherwise)
    .transform((list) =>
      list
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    );

export const sourcesEnvironment = {
  VL_WHITELIST_USER_IDS: variable(
    names(),
    'Only posts of these users (or, where a post names no user, of these owners) get subtitles, with commas; by default all',
  ),
  VL_TARGET_LANG: variable(
    Language.optional(),
    'Into which language subtitles are translated, where a post does not say',
  ),
  VL_ENABLE_DUBBING: variable(z.stringbool().default(false), 'Whether pods dub, where a post does not say'),
  VL_HLS_SEGMENT: variable(z.coerce.number().min(1).max(60).default(6), 'Seconds of an HLS segment that a pod makes'),
  VL_POSTS_COLLECTION: variable(z.string().optional(), 'Accepted and not used: the table is `posts`'),
  VL_JOBS_COLLECTION: variable(z.string().optional(), 'Accepted and not used: the table is `jobs`'),
  SEGMENT_COMPLETIONS_TABLE_NAME: variable(
    z.string().optional(),
    'Accepted and not used: the table is `segment_completions`',
  ),
  JOB_SOURCES: variable(
    names('postgres').pipe(z.array(z.enum(JOB_SOURCES, `must be of ${JOB_SOURCES.join(', ')}, with commas`))),
    'Where jobs come from besides the routes of this API, with commas: rows of `jobs` (postgres), AWS_SQS_QUEUE_URL (sqs), POST /webhooks/jobs (webhook). Posts are watched in any case',
    { aliases: ['JOB_SOURCE_TYPE'] },
  ),
  SOURCE_OWNER: variable(
    z.string().trim().min(1).max(200).default('default'),
    'Whose the jobs are that come from sqs, from webhooks and from S3 events',
  ),
  AWS_SQS_QUEUE_URL: variable(
    names().pipe(z.array(z.url())),
    'The queues of the source sqs, with commas: job envelopes and raw S3 events, each may hold both',
    { aliases: ['VIDEO_WORKER_QUEUE_URL'] },
  ),
  SQS_ENDPOINT: variable(z.url().optional(), 'An SQS server other than AWS', { aliases: ['AWS_ENDPOINT_URL'] }),
  SQS_MAX_MESSAGES: variable(z.coerce.number().int().min(1).max(10).default(10), 'How many messages are taken at once'),
  SQS_WAIT_TIME: variable(
    z.coerce.number().int().min(0).max(20).default(20),
    'How many seconds a look into an empty queue waits for something to come',
  ),
  WEBHOOK_SECRET: variable(
    Secrets.optional(),
    'Verifies POST /webhooks/jobs (Standard Webhooks, whsec_…). Several with commas: all are accepted, which is how one is changed without a gap',
    { secret: true },
  ),
  WEBHOOK_URL: variable(z.string().optional(), 'Accepted and not used: the address is POST /webhooks/jobs of this API'),
  WEBHOOK_PORT: variable(z.string().optional(), 'Accepted and not used: webhooks come in at PORT'),
};

type SourcesEnvironment = z.infer<z.ZodObject<typeof sourcesEnvironment>>;

/** A source that is named has what it needs. */
export function sourcesOf(
  env: SourcesEnvironment & {
    S3_REGION: string;
    S3_ACCESS_KEY_ID?: string | undefined;
    S3_SECRET_ACCESS_KEY?: string | undefined;
  },
) {
  const named = new Set(env.JOB_SOURCES);
  if (named.has('sqs') && env.AWS_SQS_QUEUE_URL.length === 0)
    throw new Error('cannot start: JOB_SOURCES names sqs; set AWS_SQS_QUEUE_URL, or leave sqs out');
  if (named.has('webhook') && !env.WEBHOOK_SECRET)
    throw new Error('cannot start: JOB_SOURCES names webhook; set WEBHOOK_SECRET, or leave webhook out');
  return {
    names: named as ReadonlySet<SourceName>,
    owner: env.SOURCE_OWNER,
    webhookSecrets: env.WEBHOOK_SECRET ?? [],
    postUsers: env.VL_WHITELIST_USER_IDS,
    sqs: {
      queueUrls: env.AWS_SQS_QUEUE_URL,
      endpoint: env.SQS_ENDPOINT,
      region: env.S3_REGION,
      accessKeyId: env.S3_ACCESS_KEY_ID,
      secretAccessKey: env.S3_SECRET_ACCESS_KEY,
      maxMessages: env.SQS_MAX_MESSAGES,
      waitSeconds: env.SQS_WAIT_TIME,
    },
  };
}
