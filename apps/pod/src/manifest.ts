import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { PodManifest, type PodRun, parsedJson } from '@reverie/contracts';
import type { Store } from '@reverie/storage';

/** Where everything of a run goes: a whole key, as it was told. */
export const keyBelow = ({ s3_output_prefix }: PodRun, name: string): string => `${s3_output_prefix}/${name}`;

const NAME = 'manifest.json';

/** The manifest of this run, if it has been finished; what is no manifest of it counts for nothing. */
export async function readManifest(outputs: Store, wish: PodRun): Promise<PodManifest | undefined> {
  const body = await outputs.get(keyBelow(wish, NAME));
  const read = body && PodManifest.safeParse(parsedJson(await text(body)));
  return read?.data?.job_id === wish.job_id ? read.data : undefined;
}

/** Said last, when all that it tells of is there. */
export async function writeManifest(
  outputs: Store,
  wish: PodRun,
  made: PodManifest,
  signal: AbortSignal,
): Promise<void> {
  const body = Readable.from([JSON.stringify(made, null, 1)]);
  await outputs.put(keyBelow(wish, NAME), body, { contentType: 'application/json', signal });
}
