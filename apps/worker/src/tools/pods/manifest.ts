import { Failure, PodManifest, type PodResult, parsedJson } from '@reverie/contracts';
import type { Store, Stored } from '@reverie/storage';
import { firstBytes } from './first-bytes.ts';
import { fileNamed } from './named-file.ts';
import { isStorable } from './storable.ts';

/** What a good manifest proves. */
export type Finished = Pick<PodResult, 'manifest' | 'vtt' | 'hlsMaster' | 'prefix'>;
/** What was seen where the manifest is to be; `why` it proves nothing (yet). */
export type Look = { finished: Finished } | { finished?: undefined; why: string };

/** Two hundred thousand files by name are 30 MB. */
const MOST_BYTES = 64 * 1024 ** 2;
/** It is kept with the job and the post. A longer list of files is checked and left out: it stands in manifest.json. */
const MOST_TOLD_BYTES = 128 * 1024;

/** The truth about a run: looks for the `manifest.json` of this job, and holds what it says against the store. */
export const manifestIn = (store: Store, { prefix, jobId }: { prefix: string; jobId: string }) => {
  const outside = store.outside(prefix);
  const keyOf = (said: string) => {
    const below = fileNamed(said, outside);
    return below === undefined ? undefined : `${prefix}/${below}`;
  };
  /** There, and something in it. */
  const fileAt = async (said: string): Promise<Stored | undefined> => {
    const key = keyOf(said);
    const found = key === undefined ? undefined : await store.head(key);
    return found && found.bytes > 0 ? found : undefined;
  };

  return async (signal: AbortSignal): Promise<Look> => {
    const stored = await store.get(`${prefix}/manifest.json`, { signal });
    if (!stored) return { why: 'there is no manifest.json' };
    const { text, whole } = await firstBytes(stored, MOST_BYTES).catch((cause) => {
      signal.throwIfAborted();
      throw new Failure('storage_unavailable', 'manifest.json could not be read to its end', { cause });
    });
    const read = PodManifest.safeParse(whole ? parsedJson(text) : undefined);
    if (!read.success) return { why: 'manifest.json is half, or not what it should be' };
    const manifest = read.data;
    if (manifest.job_id !== jobId) return { why: 'manifest.json is of another job' };

    const { subtitle_vtt_url, subtitle_hls_master, files = [] } = manifest;
    const [vtt, hlsMaster] = await Promise.all([fileAt(subtitle_vtt_url), fileAt(subtitle_hls_master)]);
    if (!vtt || !hlsMaster)
      return { why: `manifest.json names ${vtt ? 'a playlist that is' : 'subtitles that are'} not there` };
    if (vtt.key === hlsMaster.key) return { why: 'manifest.json names one file for both, subtitles and playlist' };
    const sizes = files.length === 0 ? new Map<string, number>() : await sizesBelow(store, prefix);
    const wrong = files.find(({ key, bytes }) => sizes.get(keyOf(key) ?? '') !== bytes);
    if (wrong)
      return { why: `manifest.json lists ${wrong.key.slice(0, 200)} with ${wrong.bytes} bytes, and that is not so` };

    const told = toldOf(manifest);
    if (!told) return { why: 'manifest.json holds what cannot be stored: too much, too deep, or no text' };
    return { finished: { manifest: told, vtt: artifact(vtt), hlsMaster: artifact(hlsMaster), prefix } };
  };
};

async function sizesBelow(store: Store, prefix: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for await (const { key, bytes } of store.list(`${prefix}/`)) sizes.set(key, bytes);
  return sizes;
}

function toldOf(manifest: PodManifest): PodManifest | undefined {
  const fits = (it: PodManifest) => isStorable(it) && Buffer.byteLength(JSON.stringify(it)) <= MOST_TOLD_BYTES;
  if (fits(manifest)) return manifest;
  const { files: _, ...others } = manifest;
  return fits(others) ? others : undefined;
}

const artifact = ({ key, bytes, contentType }: Stored) => ({ key, bytes, contentType });
