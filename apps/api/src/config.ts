import { type Environment, readEnvironment, variable } from '@reverie/contracts';
import {
  abilitiesOf,
  modelsEnvironment,
  podsEnvironment,
  podsOf,
  providersOf,
  servicesEnvironment,
  servicesOf,
} from '@reverie/models';
import { networkEnvironment } from '@reverie/net';
import { captions } from '@reverie/pipelines';
import { queueConfigOf, queueEnvironment } from '@reverie/queue';
import { inputStoreConfigOf, linkSigner, storageEnvironment, storeConfigOf } from '@reverie/storage';
import { z } from 'zod';
import { Secrets } from './secrets.ts';
import { sourcesEnvironment, sourcesOf } from './sources/environment.ts';

export const apiEnvironment = z.object({
  HOST: variable(z.string().default('127.0.0.1'), 'The address to listen on. Anything but loopback needs API keys'),
  PORT: variable(z.coerce.number().int().min(0).max(65_535).default(8000), 'The port to listen on; 0 takes a free one'),
  PUBLIC_URL: variable(
    z.url().optional(),
    'How callers reach the API; links in answers begin with it. By default http://HOST:PORT, which others cannot call',
    {
      aliases: ['API_BASE_URL'],
    },
  ),
  DATABASE_URL: variable(z.url({ protocol: /^postgres(ql)?$/ }), 'Postgres 14 or newer', { secret: true }),
  DATABASE_POOL: variable(z.coerce.number().int().min(2).max(200).default(10), 'Connections for the public routes', {
    aliases: ['POSTGRES_POOL_SIZE'],
  }),
  DATABASE_TIMEOUT_SECONDS: variable(
    z.coerce.number().min(1).max(60).default(5),
    'How long a statement of a public route may take; then the caller gets 503 and asks again',
    { aliases: ['POSTGRES_TIMEOUT'] },
  ),
  REPORT_SECRET: variable(
    Secrets,
    'Signs what workers report (Standard Webhooks, whsec_…). Several with commas: the first signs, all are accepted',
    {
      secret: true,
    },
  ),
  LINK_SECRET: variable(
    z.string().min(24).optional(),
    'Signs links to artifacts. By default derived from REPORT_SECRET',
    { secret: true },
  ),
  LINK_SECONDS: variable(
    z.coerce.number().int().min(60).max(604_800).default(3_600),
    'How long a link to an artifact works',
  ),
  AUTH: variable(
    z.enum(['keys', 'off']).default('keys'),
    'keys: every caller needs an API key. off: for loopback only',
  ),
  TRUST_PROXY: variable(
    z.stringbool().default(false),
    'The API stands behind a proxy of yours whose X-Forwarded-* headers are true',
  ),
  JOB_TIMEOUT_MINUTES: variable(
    z.coerce.number().min(1).max(43_200).default(1_440),
    'How long a job may take from its first start, unless it brings a deadline of its own',
  ),
  MAX_UPLOAD_BYTES: variable(
    z.coerce
      .number()
      .int()
      .min(1)
      .max(5 * 1024 ** 4)
      .default(20 * 1024 ** 3),
    'The largest file a caller may upload; 20 GiB by default, and never more than the 5 TiB that S3 takes',
  ),
  UPLOAD_TTL_HOURS: variable(
    z.coerce.number().min(0.01).max(8_760).default(24),
    'An unfinished upload goes when nobody has asked for links to its parts for so long, a complete one so long after it was completed. While a job that uses it is alive, it stays',
  ),
  CACHE_TTL_HOURS: variable(
    z.coerce.number().min(0).max(8_760).default(24),
    'How long a result answers for an equal job; 0: not at all',
  ),
  DEFAULT_LANGUAGE: variable(captions.input.shape.language, 'What is spoken, where a job or a post does not say', {
    aliases: ['VL_SOURCE_LANG'],
  }),
  DEFAULT_REMOVE_NOISE: variable(
    z.stringbool().default(true),
    'Whether caption jobs remove noise, where they do not say',
  ),
  DEFAULT_CONVERT_MONO: variable(z.stringbool().default(true), 'The same for mono'),
  DEFAULT_SAMPLE_RATE_16K: variable(z.stringbool().default(true), 'The same for 16 kHz'),
  MAX_FRAMES_PER_VIDEO: variable(
    z.coerce.number().int().min(1).max(500).default(50),
    'How many frames an analysis looks at, where it does not say',
  ),
  ENABLE_TRANSCRIPTION: variable(z.stringbool().default(true), 'Whether analyses transcribe, where they do not say'),
  ENABLE_VISION_ANALYSIS: variable(z.stringbool().default(true), 'The same for looking at frames'),
  ENABLE_EMBEDDINGS: variable(z.stringbool().default(true), 'The same for vectors'),
  WORKER_MAX_ATTEMPTS: variable(
    z.coerce.number().int().min(1).max(100).optional(),
    'How often any stage is tried, failures that are nobody’s fault not counted; by default what the stage says (docs/pipelines.md)',
  ),
  RETENTION_DAYS: variable(
    z.coerce.number().min(0).max(36_500).default(0),
    'Jobs that ended longer ago are removed with their files, as by POST /admin/cleanup; 0: never',
  ),
  ALLOW_FACTORY_RESET: variable(
    z.stringbool().default(false),
    'Whether POST /admin/factory-reset may remove everything',
  ),
  ENVIRONMENT: variable(
    z.string().trim().min(1).max(100).default('production'),
    'The name of this installation, shown in GET /admin/stats',
    { aliases: ['NODE_ENV'] },
  ),
  LOG_LEVEL: variable(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'What is logged',
  ),
  ...sourcesEnvironment,
  ...modelsEnvironment,
  ...servicesEnvironment,
  ...podsEnvironment,
  ...networkEnvironment,
  ...queueEnvironment,
  ...storageEnvironment,
});

export function readConfig(environment: Environment) {
  const env = readEnvironment(apiEnvironment, environment);
  if (env.AUTH === 'off' && !isLoopback(env.HOST)) {
    throw new Error(
      `cannot start: AUTH=off is for loopback, and HOST is ${env.HOST}. Set AUTH=keys and make a key with: npm run keys -- create`,
    );
  }
  // An address to listen on is not always one to call.
  const callable = ['0.0.0.0', '::'].includes(env.HOST) ? '127.0.0.1' : env.HOST;
  const publicUrl = (env.PUBLIC_URL ?? `http://${callable}:${env.PORT}`).replace(/\/+$/, '');
  const links = linkSigner({ secret: env.LINK_SECRET ?? `links:${env.REPORT_SECRET[0]}`, baseUrl: publicUrl });
  const providers = providersOf(env);
  const services = servicesOf(env);
  const pods = podsOf(env);
  return {
    host: env.HOST,
    port: env.PORT,
    publicUrl,
    databaseUrl: env.DATABASE_URL,
    databasePool: env.DATABASE_POOL,
    databaseSeconds: env.DATABASE_TIMEOUT_SECONDS,
    reportSecrets: env.REPORT_SECRET,
    links,
    linkSeconds: env.LINK_SECONDS,
    auth: env.AUTH,
    trustProxy: env.TRUST_PROXY,
    jobTimeoutMinutes: env.JOB_TIMEOUT_MINUTES,
    backoffBaseSeconds: env.RETRY_BACKOFF_BASE_SECONDS,
    privateHosts: env.ALLOWED_PRIVATE_HOSTS,
    providers,
    services,
    pods,
    /** What these settings make possible; workers say what theirs do. */
    abilities: abilitiesOf(providers, services, { pods, sourceBuckets: env.S3_SOURCE_BUCKETS }),
    uploads: { maxBytes: env.MAX_UPLOAD_BYTES, hours: env.UPLOAD_TTL_HOURS },
    cacheHours: env.CACHE_TTL_HOURS,
    /** What a job's input is where it does not say. */
    defaults: {
      captions: {
        language: env.DEFAULT_LANGUAGE,
        removeNoise: env.DEFAULT_REMOVE_NOISE,
        convertToMono: env.DEFAULT_CONVERT_MONO,
        setSampleRate16k: env.DEFAULT_SAMPLE_RATE_16K,
      },
      analysis: {
        language: env.DEFAULT_LANGUAGE,
        maxFrames: env.MAX_FRAMES_PER_VIDEO,
        transcription: env.ENABLE_TRANSCRIPTION,
        visionAnalysis: env.ENABLE_VISION_ANALYSIS,
        embeddings: env.ENABLE_EMBEDDINGS,
      },
      subtitles: {
        sourceLang: env.DEFAULT_LANGUAGE,
        ...(env.VL_TARGET_LANG !== undefined && { targetLang: env.VL_TARGET_LANG }),
        dubbing: env.VL_ENABLE_DUBBING,
        hlsSegment: env.VL_HLS_SEGMENT,
      },
    } as Record<string, Record<string, unknown>>,
    sources: sourcesOf(env),
    maxAttempts: env.WORKER_MAX_ATTEMPTS,
    retentionDays: env.RETENTION_DAYS,
    allowFactoryReset: env.ALLOW_FACTORY_RESET,
    environment: env.ENVIRONMENT,
    logLevel: env.LOG_LEVEL,
    queue: queueConfigOf(env),
    storage: storeConfigOf(env, links),
    /** Where segments are announced from. */
    inputs: inputStoreConfigOf(env, links),
  };
}
export type Config = ReturnType<typeof readConfig>;

export const isLoopback = (host: string) => /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host);
