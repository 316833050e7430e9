import { afterAll, expect, test } from 'vitest';
import { fakeS3 } from './fake-s3.ts';
import { makeBucket } from './make-bucket.ts';
import { s3Store } from './s3-store.ts';

const s3 = await fakeS3();
afterAll(() => s3.stop());

test('a bucket is made once', async () => {
  const config = { ...s3.config(), bucket: 'not-there-yet' };
  await expect(s3Store(config).check()).rejects.toThrow('S3 has no bucket not-there-yet');
  expect(await makeBucket(config)).toBe('made');
  await s3Store(config).check();
  expect(await makeBucket(config)).toBe('was there');
});

test('a server that is away is no reason to believe anything', async () => {
  const away = { ...s3.config(), endpoint: 'http://127.0.0.1:9' };
  await expect(makeBucket(away)).rejects.toMatchObject({ code: 'storage_unavailable' });
});
