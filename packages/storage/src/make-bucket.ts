import { CreateBucketCommand, HeadBucketCommand } from '@aws-sdk/client-s3';
import { answered, type S3Config, s3Client } from './s3-client.ts';

/** Makes the bucket where there is none yet; for S3 servers of one's own. Says whether it had to. */
export async function makeBucket(config: S3Config): Promise<'made' | 'was there'> {
  const client = s3Client(config);
  const bucket = { Bucket: config.bucket };
  try {
    if (await client.send(new HeadBucketCommand(bucket)).catch(answered('NotFound', 'NoSuchBucket')))
      return 'was there';
    // us-east-1 is where AWS puts a bucket that names no place, and the one place it refuses to be told.
    const place =
      config.region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: config.region as 'EU' } };
    await client.send(new CreateBucketCommand({ ...bucket, ...place }));
    return 'made';
  } finally {
    client.destroy();
  }
}
