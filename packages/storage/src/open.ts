import { fsStore } from './fs-store.ts';
import type { LinkSigner } from './links.ts';
import type { S3Config } from './s3-client.ts';
import { s3Store } from './s3-store.ts';
import type { Store } from './store.ts';

/** Which store, with all that this kind needs and nothing of the others. */
export type StoreConfig = { kind: 'fs'; dir: string; links: LinkSigner } | ({ kind: 's3' } & S3Config);

/** Opens the store a config names. Nothing is touched before the first call; `check` says whether it can be reached. */
export function openStore(config: StoreConfig): Store {
  switch (config.kind) {
    case 'fs':
      return fsStore(config);
    case 's3':
      return s3Store(config);
    default:
      return config satisfies never; // a new kind does not compile until it has its line here
  }
}
