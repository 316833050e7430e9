import type { Environment } from '@reverie/contracts';
import { findFfmpeg, findRedis, startPostgres, startRedis } from '@reverie/embedded';
import type { Closing } from './closing.ts';
import { inData } from './data.ts';
import { say } from './say.ts';

/** What stands in the environment wins; otherwise the next best that this machine has. One line says which, and why. */

export async function chooseDatabase(env: Environment, open: Closing): Promise<{ DATABASE_URL: string }> {
  if (env.DATABASE_URL) {
    say.service('database', `${hostOf(env.DATABASE_URL)}, from DATABASE_URL`);
    return { DATABASE_URL: env.DATABASE_URL };
  }
  const postgres = open.opened('Postgres', await startPostgres({ dir: inData('postgres') }));
  say.service('database', `a private Postgres on 127.0.0.1:${postgres.port}, as DATABASE_URL is not set`);
  return { DATABASE_URL: postgres.url };
}

export async function chooseQueue(
  env: Environment,
  { DATABASE_URL }: { DATABASE_URL: string },
  open: Closing,
): Promise<{ REDIS_URL: string }> {
  const given = env.REDIS_URL || env.QUEUE_URL;
  if (given) {
    say.service('queue', `${hostOf(given)}, from REDIS_URL`);
    return { REDIS_URL: given };
  }
  const binary = findRedis(env.PATH);
  if (!binary) {
    say.service(
      'queue',
      'BullMQ on the same Postgres, as REDIS_URL is not set and there is no redis-server or valkey-server on the PATH',
    );
    return { REDIS_URL: DATABASE_URL };
  }
  const redis = open.opened('Redis', await startRedis({ dir: inData('redis'), binary }));
  say.service('queue', `a private Redis on 127.0.0.1:${redis.port} (${binary}), as REDIS_URL is not set`);
  return { REDIS_URL: redis.url };
}

export function chooseStorage(env: Environment): Environment {
  const bucket = env.S3_BUCKET || env.AWS_S3_BUCKET || env.VL_OUTPUT_BUCKET || env.OUTPUT_BUCKET_NAME;
  if (bucket && env.STORAGE !== 'fs') {
    say.service('files', `the bucket ${bucket}, from S3_BUCKET`);
    return {};
  }
  const dir = env.STORAGE_DIR || inData('artifacts');
  say.service('files', `${dir}, as S3_BUCKET is not set`);
  return { STORAGE: 'fs', STORAGE_DIR: dir };
}

export async function chooseFfmpeg(env: Environment): Promise<Environment> {
  const found = await findFfmpeg({ env, cacheDir: inData('bin') });
  say.service('ffmpeg', found.why);
  return { FFMPEG_PATH: found.ffmpeg, FFPROBE_PATH: found.ffprobe };
}

const hostOf = (url: string) => new URL(url).host;
