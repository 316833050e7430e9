import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, FLEETS, type Fleet, readEnvironment, variable } from '@reverie/contracts';
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
import { queueConfigOf, queueEnvironment } from '@reverie/queue';
import { inputStoreConfigOf, isKey, linkSigner, s3AccessOf, storageEnvironment, storeConfigOf } from '@reverie/storage';
import { z } from 'zod';
import { modelEnvironment, openModel } from './tools/segments/models/list.ts';

const slots = (otherwise: number) => z.coerce.number().int().min(1).max(64).default(otherwise);

export const workerEnvironment = z.object({
  API_BASE_URL: variable(z.url(), 'Where the API is: tasks are claimed and reported there', { aliases: ['API_URL'] }),
  REPORT_SECRET: variable(
    z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}(,|$)/, 'must be whsec_ and at least 24 bytes in base64'),
    'Signs what this worker reports; the same as the API’s. Of several with commas the first is used',
    { secret: true },
  ),
  WORKER_API_KEY: variable(z.string().optional(), 'An API key with the scope worker. Revoking it stops this worker', {
    secret: true,
  }),
  WORKER_FLEETS: variable(
    z
      .string()
      .default(FLEETS.join(','))
      .transform((list) => [...new Set(list.split(',').map((fleet) => fleet.trim()))])
      .pipe(z.array(z.enum(FLEETS, `must be of ${FLEETS.join(', ')}, with commas`)).min(1)),
    'The fleets this process serves: cpu (ffmpeg), io (models and downloads), gpu (pods)',
  ),
  CPU_SLOTS: variable(slots(Math.min(4, availableParallelism())), 'Tasks of the cpu fleet at once', {
    aliases: ['WORKER_CONCURRENCY'],
    shownDefault: 'one a core, four at most',
  }),
  IO_SLOTS: variable(slots(4), 'Tasks of the io fleet at once'),
  GPU_SLOTS: variable(z.coerce.number().int().min(1).max(100).optional(), 'Tasks of the gpu fleet at once', {
    shownDefault: 'one a pod',
  }),
  WORKER_DRAIN_SECONDS: variable(
    z.coerce.number().int().min(1).max(3_600).default(10),
    'How long a stopping worker may take to hand its tasks back',
  ),
  STAGE_TIMEOUT_SECONDS: variable(
    z.coerce.number().min(1).max(172_800).optional(),
    'How long any stage may take; by default what the stage says (docs/pipelines.md)',
  ),
  STAGE_STILL_SECONDS: variable(
    z.coerce.number().min(1).max(3_600).optional(),
    'How long any stage may show no progress before it is killed and tried again; by default what the stage says',
  ),
  WORKER_LEASE_SECONDS: variable(
    z.coerce.number().int().min(1).max(600).default(10),
    'A worker that is silent for so long is taken for dead, and its tasks go to others. The same for all workers',
  ),
  SCRATCH_DIR: variable(
    z.string().default(join(tmpdir(), 'reverie-scratch')),
    'Room for work in progress. Workers in containers must not share one',
    { shownDefault: 'reverie-scratch in the folder for temporary files' },
  ),
  SCRATCH_CACHE_BYTES: variable(
    z.coerce
      .number()
      .int()
      .min(0)
      .default(2 * 1024 ** 3),
    'How much of what it made or fetched a worker keeps at hand',
  ),
  FFMPEG_PATH: variable(
    z.string().default('ffmpeg'),
    'ffmpeg 5 or newer, with libx264, libass and freetype; 5.1 for segments',
  ),
  FFPROBE_PATH: variable(z.string().default('ffprobe'), 'The ffprobe that belongs to it'),
  ESPEAK_PATH: variable(
    z.string().default('espeak-ng'),
    'Speaks the narration where no OPENAI_API_KEY is set, if it is installed',
  ),
  LOG_LEVEL: variable(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'What is logged',
  ),
  WORKER_DEV_HTTP: variable(
    z.stringbool().default(false),
    'Whether the worker serves GET /healthz, /jobs/peek and /stats about itself',
  ),
  WORKER_HTTP_PORT: variable(
    z.coerce.number().int().min(0).max(65_535).default(8000),
    'The port of that; 0 takes a free one, and the log says which',
  ),
  WORKER_HTTP_HOST: variable(
    z.string().default('127.0.0.1'),
    'Its address. It asks for no key: keep it on this machine',
  ),
  WORKER_POLL_MS: variable(
    z.coerce.number().int().min(1).optional(),
    'Accepted and not used: nothing polls, a worker is woken when there is something to do',
  ),
  LINK_SECRET: variable(z.string().min(24).optional(), 'The same as the API’s, where that one is set', {
    secret: true,
  }),
  YTDLP_PATH: variable(
    z.string().default('yt-dlp'),
    'Gets at videos behind pages such as YouTube’s, if it is installed',
  ),
  MAX_SOURCE_BYTES: variable(
    z.coerce
      .number()
      .int()
      .min(1)
      .default(20 * 1024 ** 3),
    'A source may not be larger',
  ),
  MAX_SOURCE_MINUTES: variable(z.coerce.number().min(0.01).default(720), 'Nor longer'),
  ...modelsEnvironment,
  ...modelEnvironment,
  ...servicesEnvironment,
  ...podsEnvironment,
  VL_OUTPUT_PREFIX: variable(
    z
      .string()
      .default('videolingo/jobs')
      .transform((prefix) => prefix.replace(/^\/+|\/+$/g, ''))
      .refine(isKey, 'must be a path in the bucket, such as videolingo/jobs'),
    'Where pods put what they make, a folder for each job; in S3_BUCKET, below S3_PREFIX',
  ),
  VL_POD_POLL_SECONDS: variable(
    z.coerce.number().min(0.05).max(60).default(10),
    'Seconds between two looks at a run on a pod. One that cannot be reached for six of them is given up; one that failed five times in a row is left alone for as long',
  ),
  ...networkEnvironment,
  ...queueEnvironment,
  ...storageEnvironment,
});

export function readConfig(environment: Environment) {
  const env = readEnvironment(workerEnvironment, environment);
  const reportSecret = env.REPORT_SECRET.split(',')[0]!.trim();
  const links = linkSigner({ secret: env.LINK_SECRET ?? `links:${reportSecret}`, baseUrl: env.API_BASE_URL });
  const pods = { ...podsOf(env), outputPrefix: env.VL_OUTPUT_PREFIX, pollSeconds: env.VL_POD_POLL_SECONDS };
  const slotsOf: Record<Fleet, number> = {
    cpu: env.CPU_SLOTS,
    io: env.IO_SLOTS,
    gpu: env.GPU_SLOTS ?? Math.max(1, pods.runUrls.length),
  };
  const providers = providersOf(env);
  const services = servicesOf(env);
  return {
    apiUrl: env.API_BASE_URL.replace(/\/+$/, ''),
    reportSecret,
    apiKey: env.WORKER_API_KEY,
    fleets: env.WORKER_FLEETS.map((fleet) => ({ fleet, slots: slotsOf[fleet] })),
    drainSeconds: env.WORKER_DRAIN_SECONDS,
    leaseSeconds: env.WORKER_LEASE_SECONDS,
    limits: {
      ...(env.STAGE_TIMEOUT_SECONDS && { seconds: env.STAGE_TIMEOUT_SECONDS }),
      ...(env.STAGE_STILL_SECONDS && { stillSeconds: env.STAGE_STILL_SECONDS }),
    },
    scratch: { dir: env.SCRATCH_DIR, cacheBytes: env.SCRATCH_CACHE_BYTES },
    ffmpegPath: env.FFMPEG_PATH,
    ffprobePath: env.FFPROBE_PATH,
    espeakPath: env.ESPEAK_PATH,
    openai: env.OPENAI_API_KEY
      ? {
          apiKey: env.OPENAI_API_KEY,
          baseUrl: env.OPENAI_BASE_URL,
          chatModel: env.OPENAI_CHAT_MODEL,
          imageModel: env.OPENAI_IMAGE_MODEL,
          speechModel: env.OPENAI_SPEECH_MODEL,
          voice: env.OPENAI_VOICE,
        }
      : undefined,
    providers,
    services,
    pods,
    model: openModel(env),
    sources: {
      ytdlpPath: env.YTDLP_PATH,
      maxBytes: env.MAX_SOURCE_BYTES,
      maxSeconds: env.MAX_SOURCE_MINUTES * 60,
      privateHosts: env.ALLOWED_PRIVATE_HOSTS,
      s3: { access: s3AccessOf(env), buckets: env.S3_SOURCE_BUCKETS },
    },
    /** What these settings make possible; what is installed comes on top. */
    abilities: abilitiesOf(providers, services, { pods, sourceBuckets: env.S3_SOURCE_BUCKETS }),
    status: env.WORKER_DEV_HTTP ? { host: env.WORKER_HTTP_HOST, port: env.WORKER_HTTP_PORT } : undefined,
    logLevel: env.LOG_LEVEL,
    queue: queueConfigOf(env),
    storage: storeConfigOf(env, links),
    /** Where others put what is to be worked on. */
    inputs: inputStoreConfigOf(env, links),
  };
}
export type Config = ReturnType<typeof readConfig>;
