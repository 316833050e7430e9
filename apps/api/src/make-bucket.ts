import { withEnvFile } from '@reverie/contracts';
import { makeBucket } from '@reverie/storage';
import { readConfig } from './config.ts';

/** For an S3 server of one's own, as in docker-compose.yml: makes S3_BUCKET where it is missing. Safe to run again. */
try {
  const { storage } = readConfig(withEnvFile(process.env));
  if (storage.kind !== 's3') console.log('STORAGE is not s3: there is no bucket to make');
  else
    console.log(
      `the bucket ${storage.bucket} ${(await makeBucket(storage)) === 'made' ? 'is made' : 'was there already'}`,
    );
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
