export { isKey } from './checks.ts';
export { storageEnvironment, storeConfigOf } from './config.ts';
export { contentTypeOf } from './content-types.ts';
export { type LinkSigner, linkSigner } from './links.ts';
export { makeBucket } from './make-bucket.ts';
export { openStore, type StoreConfig } from './open.ts';
export type { ByteRange, Store, Stored } from './store.ts';
