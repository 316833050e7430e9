/** A record as S3 writes it, with its key encoded as S3 does. */
export const s3Record = (bucket: string, key: string, eventName = 'ObjectCreated:Put') => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  awsRegion: 'us-east-1',
  eventTime: '2026-01-01T00:00:00.000Z',
  eventName,
  s3: {
    s3SchemaVersion: '1.0',
    bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
    object: { key: encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+'), size: 1, eTag: 'x' },
  },
});

/** An event of so many records. */
export const s3Event = (...records: object[]) => ({ Records: records });

export const TEST_EVENT = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'videos', Time: '2026-01-01' };
