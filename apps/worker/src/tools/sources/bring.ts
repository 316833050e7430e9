import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ABILITIES, type Artifact, artifactKey, Failure, type Source } from '@reverie/contracts';
import { checkTarget, type PrivateHosts } from '@reverie/net';
import type { Fetching } from '@reverie/pipelines';
import type { Store } from '@reverie/storage';
import { share } from '../rising.ts';
import type { Workplace } from '../workplace.ts';
import { download, type Patience, tooLarge } from './download.ts';
import { fetchPage } from './page.ts';
import { bucketNamed, type S3Sources, s3Pieces } from './s3.ts';
import { refused, webPieces } from './web.ts';

/** A service that downloads in the worker's place: brings the file into the attempt's folder, and says under which name. */
export type FetchElsewhere = (
  url: string,
  out: { name: string },
  run: Fetching,
) => Promise<{ name: string; service?: string }>;

export interface Bringing {
  ffmpegPath: string;
  /** Undefined where it is not installed. */
  ytdlpPath: string | undefined;
  place: Workplace;
  store: Store;
  maxBytes: number;
  maxSeconds: number;
  /** What may be reached besides the public internet. */
  privateHosts: PrivateHosts;
  s3: S3Sources;
  /** Does what is on the web in the worker's place. */
  remote?: FetchElsewhere | undefined;
  patience?: Patience | undefined;
}

export interface Brought {
  /** In the folder of the attempt. */
  name: string;
  /** It lies in the store already and stays there as it is. */
  uploaded?: Artifact;
  service?: string;
}

/** What is being fetched. It has no extension: ffprobe would believe that, too. */
const NAME = 'source';

/** Brings a source into the folder of the attempt, by the way that its kind takes. Nobody has looked at it yet. */
export async function bring(source: Source, options: Bringing, run: Fetching): Promise<Brought> {
  switch (source.kind) {
    case 'upload':
      return bringUpload(source.id, options, run);
    case 's3': {
      const bucket = bucketNamed(source.bucket, options.s3);
      try {
        await download(s3Pieces(bucket, source.key, run.signal), downloading(options, run));
      } finally {
        bucket.close();
      }
      return { name: NAME };
    }
    case 'web':
      if (options.remote) return bringElsewhere(options.remote, source.url, options, run);
      await download(webPieces(source.url, { ...options, signal: run.signal }), downloading(options, run));
      return { name: NAME };
    case 'page':
      if (options.remote) return bringElsewhere(options.remote, source.url, options, run);
      await bringPage(source.url, options, run);
      return { name: NAME };
    default:
      return source satisfies never;
  }
}

const downloading = ({ place, maxBytes, patience }: Bringing, run: Fetching) => ({
  path: join(place.path, NAME),
  maxBytes,
  patience,
  signal: run.signal,
  onBytes: bytesTo(run),
});

const bytesTo = (run: Fetching) => (have: number, bytes: number | undefined) => run.progress(100 * share(have, bytes));

async function bringPage(url: string, options: Bringing, run: Fetching): Promise<void> {
  const { ytdlpPath, place } = options;
  checkUrl(url, options);
  if (!ytdlpPath) throw new Failure('not_configured', `pages cannot be fetched here: ${ABILITIES['fetch pages']}`);
  const paging = {
    ...options,
    ytdlpPath,
    cwd: place.path,
    soundAlone: run.soundAlone,
    signal: run.signal,
    onBytes: bytesTo(run),
  };
  await fetchPage(url, NAME, paging);
}

/** What a service brought is held to the same limit. */
async function bringElsewhere(remote: FetchElsewhere, url: string, options: Bringing, run: Fetching): Promise<Brought> {
  checkUrl(url, options);
  const brought = await remote(url, { name: NAME }, run);
  const { size } = await stat(join(options.place.path, brought.name));
  if (size > options.maxBytes) throw tooLarge(options.maxBytes);
  return brought;
}

/** Where somebody else fetches, we can at least look at the address; whose name leads where is for him to see. */
function checkUrl(url: string, { privateHosts }: Bringing): void {
  try {
    checkTarget(url, privateHosts);
  } catch (error) {
    refused(error);
  }
}

async function bringUpload(id: string, { store, place, maxBytes }: Bringing, run: Fetching): Promise<Brought> {
  const stored = await store.head(artifactKey.upload(id));
  if (!stored) throw new Failure('source_missing', `upload ${id} is not there, or not whole: finish the upload first`);
  const { key, bytes, contentType } = stored;
  if (bytes > maxBytes) throw tooLarge(maxBytes);
  const uploaded = { key, bytes, contentType };
  await place.fetchTo(uploaded, NAME, run.signal, (have) => bytesTo(run)(have, bytes));
  return { name: NAME, uploaded };
}
