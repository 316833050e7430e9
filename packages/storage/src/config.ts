import { variable } from '@reverie/contracts';
import { z } from 'zod';
import type { LinkSigner } from './links.ts';
import type { StoreConfig } from './open.ts';
import type { S3Access } from './s3-client.ts';
import { whereFilesAre } from './where-files.ts';

/** The variables that API and worker share about where artifacts live. */
export const storageEnvironment = {
  STORAGE: variable(
    z.enum(['fs', 's3']).optional(),
    'Where files live: a folder that API and workers share, or S3. By default s3 where S3_BUCKET is set',
  ),
  STORAGE_TYPE: variable(
    z.enum(['postgres', 's3', 'hybrid']).optional(),
    'Another way to say it. postgres: STORAGE=fs. s3: STORAGE=s3. hybrid: what FILE_STORAGE says, else s3. Rows of results are in Postgres and their JSON is beside the files with each of them, so s3 and hybrid differ in nothing else',
  ),
  FILE_STORAGE: variable(z.enum(['fs', 's3']).optional(), 'The same as STORAGE; they may not contradict each other'),
  METADATA_STORAGE: variable(
    z.literal('postgres', 'must be postgres: that is where rows of results always are').optional(),
    'Where rows of results are: always in Postgres',
  ),
  STORAGE_DIR: variable(z.string().default('.reverie/artifacts'), 'The folder, with STORAGE=fs'),
  S3_BUCKET: variable(z.string().optional(), 'The bucket, with STORAGE=s3', {
    aliases: ['AWS_S3_BUCKET', 'VL_OUTPUT_BUCKET', 'OUTPUT_BUCKET_NAME'],
  }),
  INPUT_BUCKET_NAME: variable(
    z.string().optional(),
    'Where others put what is to be worked on: the videos of posts, segments. By default S3_BUCKET; with STORAGE=fs the folder',
  ),
  S3_REGION: variable(z.string().default('us-east-1'), 'The bucket’s region', {
    aliases: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  }),
  S3_ENDPOINT: variable(z.url().optional(), 'An S3-compatible server other than AWS', {
    aliases: ['AWS_ENDPOINT_URL'],
  }),
  S3_PUBLIC_ENDPOINT: variable(
    z.url().optional(),
    'Where callers reach that server, if not at S3_ENDPOINT: presigned links begin with it',
  ),
  S3_PREFIX: variable(z.string().default(''), 'Put in front of every key'),
  S3_ACCESS_KEY_ID: variable(z.string().optional(), 'By default whatever the AWS SDK finds by itself', {
    aliases: ['AWS_ACCESS_KEY_ID'],
    secret: true,
  }),
  S3_SECRET_ACCESS_KEY: variable(z.string().optional(), 'Goes with S3_ACCESS_KEY_ID', {
    aliases: ['AWS_SECRET_ACCESS_KEY'],
    secret: true,
  }),
  S3_FORCE_PATH_STYLE: variable(
    z.stringbool().optional(),
    'Bucket in the path instead of the host name; by default where S3_ENDPOINT is set',
  ),
};

type StorageEnvironment = z.infer<z.ZodObject<typeof storageEnvironment>>;

/** A bucket without S3, or S3 without a bucket, cannot be expressed past this point. */
export function storeConfigOf(env: StorageEnvironment, links: LinkSigner): StoreConfig {
  const files = whereFilesAre(env);
  if (files.kind === 'fs') return { ...files, dir: env.STORAGE_DIR, links };
  return { ...files, prefix: env.S3_PREFIX, ...s3AccessOf(env) };
}

/** Where others put what is to be worked on. Their keys are whole keys: S3_PREFIX stands before ours alone. */
export function inputStoreConfigOf(env: StorageEnvironment, links: LinkSigner): StoreConfig {
  const own = storeConfigOf(env, links);
  return own.kind === 'fs' ? own : { ...own, bucket: env.INPUT_BUCKET_NAME ?? own.bucket, prefix: '' };
}

/** How S3 is reached, whichever bucket is meant: sources may lie in S3 where artifacts do not. */
export function s3AccessOf(env: StorageEnvironment): S3Access {
  if (!env.S3_ACCESS_KEY_ID !== !env.S3_SECRET_ACCESS_KEY) {
    throw new Error('cannot start: S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY go together; set both or neither');
  }
  return {
    region: env.S3_REGION,
    forcePathStyle: env.S3_FORCE_PATH_STYLE ?? env.S3_ENDPOINT !== undefined,
    ...(env.S3_ENDPOINT && { endpoint: env.S3_ENDPOINT }),
    ...(env.S3_PUBLIC_ENDPOINT && { publicEndpoint: env.S3_PUBLIC_ENDPOINT }),
    ...(env.S3_ACCESS_KEY_ID && { accessKeyId: env.S3_ACCESS_KEY_ID }),
    ...(env.S3_SECRET_ACCESS_KEY && { secretAccessKey: env.S3_SECRET_ACCESS_KEY }),
  };
}
