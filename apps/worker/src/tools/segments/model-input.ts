import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Artifact, Failure } from '@reverie/contracts';
import type { Running } from '@reverie/pipelines';
import { share } from '../rising.ts';
import { looked, refuseOdd } from '../sources/odd.ts';
import { roomFor } from '../workplace.ts';
import { clockOf } from './clock.ts';
import { badFile, decodeFrames } from './decode.ts';
import { look, type Seen } from './look.ts';
import type { SegmentsPlace } from './place.ts';

/** A segment that was cut here, or one that somebody else uploaded, by its key in the input bucket. */
export type SegmentFile = { file: Artifact } | { uploaded: string };

/** Brings a segment into the attempt's folder. */
export async function bringSegment(from: SegmentFile, name: string, here: SegmentsPlace, run: Running): Promise<void> {
  const { place, inputs } = here;
  const { signal, progress } = run;
  if ('file' in from) {
    const { file } = from;
    return place.fetchTo(file, name, signal, (bytes) => progress(100 * share(bytes, file.bytes)));
  }
  const body = await inputs.get(from.uploaded, { signal });
  if (!body) throw new Failure('source_missing', `${from.uploaded} is not there (any more): upload the segment again`);
  let bytes = 0;
  body.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length;
    progress(100 * share(bytes, undefined));
  });
  await pipeline(body, createWriteStream(join(place.path, name)), { signal }).catch(roomFor(name));
}

/** What is known of a segment before its model runs. */
export interface Input extends Seen {
  name: string;
  /** How many frames come out when it is decoded, where that was tried. */
  decoded: number | undefined;
  /** Whoever cuts where groups of pictures are open leaves so many seconds in front that nothing can decode. */
  lost: number;
}

/** What others upload is looked at as closely as any source. */
export async function lookAtSegment(
  from: SegmentFile,
  name: string,
  here: SegmentsPlace,
  run: Running,
): Promise<Input> {
  const looking = { ffprobePath: here.ffprobePath, cwd: here.place.path, signal: run.signal };
  const alive = () => run.progress(0);
  if ('file' in from)
    return { name, ...(await look(name, { ...looking, onPacket: alive })), decoded: undefined, lost: 0 };
  const seen = await look(name, { ...looking, onPacket: alive }).catch(looked);
  refuseOdd(seen.probe);
  // Of frames that are lost in front ffmpeg complains, and goes on.
  const decoding = { ...looking, ffmpegPath: here.ffmpegPath, strict: false, alive };
  const decoded = await decodeFrames(name, decoding).catch(badFile('media_unreadable', 'the segment does not decode'));
  if (decoded === 0) throw new Failure('media_unreadable', 'not one picture of the segment could be decoded');
  const { frames, ticks } = seen.packets.lead;
  const lost = frames > 0 && decoded === seen.frames - frames ? ticks * clockOf(seen.video).tick : 0;
  return { name, ...seen, decoded, lost };
}
