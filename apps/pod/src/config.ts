import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment, readEnvironment, variable } from '@reverie/contracts';
import { modelsEnvironment, podsEnvironment, providersOf } from '@reverie/models';
import { inputStoreConfigOf, linkSigner, type StoreConfig, storageEnvironment, storeConfigOf } from '@reverie/storage';
import { z } from 'zod';

const { OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_CHAT_MODEL, ...otherModels } = modelsEnvironment;
const { TRANSCRIBE_BASE_URL, TRANSCRIBE_API_KEY, TRANSCRIBE_MODEL } = otherModels;

export const podEnvironment = z.object({
  POD_HOST: variable(
    z.string().default('127.0.0.1'),
    'The address the pod listens on; on any but this machine’s own it wants a VL_POD_API_KEY',
  ),
  POD_PORT: variable(z.coerce.number().int().min(0).max(65_535).default(8100), 'The port the pod listens on'),
  VL_POD_API_KEY: podsEnvironment.VL_POD_API_KEY,
  SCRATCH_DIR: variable(z.string().default(join(tmpdir(), 'reverie-scratch')), 'Room for the run'),
  FFMPEG_PATH: variable(z.string().default('ffmpeg'), 'ffmpeg 5.1 or newer, with libx264'),
  FFPROBE_PATH: variable(z.string().default('ffprobe'), 'The ffprobe that belongs to it'),
  MAX_SOURCE_BYTES: variable(
    z.coerce
      .number()
      .int()
      .min(1)
      .default(20 * 1024 ** 3),
    'A video may not be larger',
  ),
  LOG_LEVEL: variable(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    'What is logged',
  ),
  ...{ OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_CHAT_MODEL },
  ...{ TRANSCRIBE_BASE_URL, TRANSCRIBE_API_KEY, TRANSCRIBE_MODEL },
  ...storageEnvironment,
});

export function readConfig(environment: Environment) {
  const env = readEnvironment(podEnvironment, environment);
  if (!env.VL_POD_API_KEY && !LOOPBACK.includes(env.POD_HOST)) {
    throw new Error(
      `cannot start: POD_HOST=${env.POD_HOST} is open to others, who could have any file of the bucket read or written over; set VL_POD_API_KEY`,
    );
  }
  // A pod gives out no links, so nobody needs to know what they would be signed with.
  const links = linkSigner({ secret: randomBytes(32).toString('hex'), baseUrl: 'http://127.0.0.1' });
  return {
    host: env.POD_HOST,
    port: env.POD_PORT,
    apiKey: env.VL_POD_API_KEY,
    scratchDir: env.SCRATCH_DIR,
    ffmpegPath: env.FFMPEG_PATH,
    ffprobePath: env.FFPROBE_PATH,
    maxBytes: env.MAX_SOURCE_BYTES,
    logLevel: env.LOG_LEVEL,
    // A pod listens and translates; whoever else there may be does nothing here.
    providers: providersOf({ ...z.object(modelsEnvironment).parse({}), ...env }),
    inputs: inputStoreConfigOf(env, links),
    outputs: withWholeKeys(storeConfigOf(env, links)),
  };
}
export type Config = ReturnType<typeof readConfig>;

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

/** What a pod is told are whole keys, S3_PREFIX and all. */
const withWholeKeys = (store: StoreConfig): StoreConfig => (store.kind === 'fs' ? store : { ...store, prefix: '' });
