export { isKey } from './checks.ts';
export { inputStoreConfigOf, s3AccessOf, storageEnvironment, storeConfigOf } from './config.ts';
export { contentTypeOf } from './content-types.ts';
export { type LinkSigner, linkSigner } from './links.ts';
export { makeBucket } from './make-bucket.ts';
export { openStore, type StoreConfig } from './open.ts';
export type { S3Access } from './s3-client.ts';
export { openSourceBucket, type SourceBucket } from './source-bucket.ts';
export type { ByteRange, Store, Stored } from './store.ts';
