import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, readSource } from '@reverie/contracts';
import type { Sources } from '@reverie/pipelines';
import { contentTypeOf } from '@reverie/storage';
import { rising, share } from '../rising.ts';
import { type Bringing, bring } from './bring.ts';
import { inspect } from './inspect.ts';

export interface SourcesOptions extends Bringing {
  ffprobePath: string;
}

/** In percent: where fetching ends, and where looking does. The rest is storing. */
const FETCHED = 85;
const LOOKED_AT = 95;

/** Brings videos here from wherever they are, and looks at them before anybody else does. */
export const openSources = (options: SourcesOptions): Sources => ({
  async fetch(text, out, { signal, progress, soundAlone }) {
    const { place, ffmpegPath, ffprobePath, maxSeconds } = options;
    const source = readSource(text);
    if (!source)
      throw new Failure('source_refused', 'this is no http(s) address, no s3://bucket/key and no upload:<id>');
    const tell = rising(progress);

    const { name, uploaded, service } = await bring(source, options, {
      signal,
      soundAlone,
      progress: (percent) => tell((FETCHED * percent) / 100),
    });
    const alive = () => tell(FETCHED);
    const looking = { ffmpegPath, ffprobePath, cwd: place.path, signal, maxSeconds, alive };
    const { facts, extension } = await inspect(name, looking);

    const key = out.key(extension);
    const contentType = contentTypeOf(key);
    const file = join(place.path, name);
    if (uploaded) {
      await rm(file); // it is in the store already, and in the cache for the next stage
      return { media: { ...uploaded, contentType }, facts };
    }
    const { size } = await stat(file);
    const stored = (bytes: number) => tell(LOOKED_AT + (100 - LOOKED_AT) * share(bytes, size));
    const media = await place.keep(name, { key, contentType }, signal, stored);
    return { media, facts, ...(service !== undefined && { service }) };
  },
});
