import { readEnvironment } from '@reverie/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { storageEnvironment, storeConfigOf } from './config.ts';
import { linkSigner } from './links.ts';

const links = linkSigner({ secret: 'for tests', baseUrl: 'http://127.0.0.1:3000' });
const read = (env: Record<string, string>) =>
  storeConfigOf(readEnvironment(z.object(storageEnvironment), env), links).kind;
const bucket = { AWS_S3_BUCKET: 'mine' };

test.each([
  [{}, 'fs'],
  [bucket, 's3'],
  [{ STORAGE: 'fs', ...bucket }, 'fs'],
  [{ STORAGE: 's3', ...bucket }, 's3'],
  [{ STORAGE_TYPE: 'postgres' }, 'fs'],
  [{ STORAGE_TYPE: 'postgres', ...bucket }, 'fs'],
  [{ STORAGE_TYPE: 's3', ...bucket }, 's3'],
  [{ STORAGE_TYPE: 's3', STORAGE: 's3', FILE_STORAGE: 's3', METADATA_STORAGE: 'postgres', ...bucket }, 's3'],
  [{ STORAGE_TYPE: 'hybrid', ...bucket }, 's3'],
  [{ STORAGE_TYPE: 'hybrid', METADATA_STORAGE: 'postgres', FILE_STORAGE: 's3', ...bucket }, 's3'],
  [{ STORAGE_TYPE: 'hybrid', METADATA_STORAGE: 'postgres', FILE_STORAGE: 'fs' }, 'fs'],
  [{ STORAGE_TYPE: 'hybrid', STORAGE: 'fs', ...bucket }, 'fs'],
  [{ FILE_STORAGE: 'fs', ...bucket }, 'fs'],
  [{ FILE_STORAGE: 's3', ...bucket }, 's3'],
])('C38 C35 C36: with %o files are in %s', (env, kind) => {
  expect(read(env)).toBe(kind);
});

test.each([
  [{ STORAGE: 's3' }, 'STORAGE=s3 needs S3_BUCKET'],
  [{ STORAGE_TYPE: 's3' }, 'STORAGE_TYPE=s3 needs S3_BUCKET'],
  [{ STORAGE_TYPE: 'hybrid' }, 'STORAGE_TYPE=hybrid needs S3_BUCKET'],
  [{ FILE_STORAGE: 's3' }, 'FILE_STORAGE=s3 needs S3_BUCKET'],
  [{ STORAGE_TYPE: 'hybrid', FILE_STORAGE: 's3' }, 'FILE_STORAGE=s3 needs S3_BUCKET'],
  [
    { STORAGE: 'fs', FILE_STORAGE: 's3', ...bucket },
    'STORAGE=fs puts files into a folder, and FILE_STORAGE=s3 into S3',
  ],
  [
    { STORAGE: 'fs', STORAGE_TYPE: 's3', ...bucket },
    'STORAGE=fs puts files into a folder, and STORAGE_TYPE=s3 into S3',
  ],
  [{ STORAGE: 's3', STORAGE_TYPE: 'postgres', ...bucket }, 'STORAGE=s3 puts files into S3, and STORAGE_TYPE=postgres'],
  [{ FILE_STORAGE: 's3', STORAGE_TYPE: 'postgres', ...bucket }, 'FILE_STORAGE=s3 puts files into S3, and STORAGE_TYPE'],
  [
    { FILE_STORAGE: 'fs', STORAGE_TYPE: 's3', ...bucket },
    'FILE_STORAGE=fs puts files into a folder, and STORAGE_TYPE=s3',
  ],
  [{ METADATA_STORAGE: 's3', ...bucket }, 'METADATA_STORAGE: must be postgres'],
  [{ STORAGE_TYPE: 'mysql' }, 'STORAGE_TYPE'],
])('%o does not start', (env, why) => {
  expect(() => read(env)).toThrow(/^cannot start/);
  expect(() => read(env)).toThrow(why);
});
