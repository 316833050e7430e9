import { type Artifact, Failure } from '@reverie/contracts';
import { inLanes } from '@reverie/media';
import type { CutVideo, Running } from '@reverie/pipelines';
import { rising } from '../rising.ts';
import { cutAsItIs, cutEncodedAgain } from './cut-ways.ts';
import { firstDecoded } from './first-frames.ts';
import { look, seenBy } from './look.ts';
import type { SegmentsPlace } from './place.ts';
import { soundTracks } from './sound-tracks.ts';
import { stretch } from './stretch.ts';
import { withoutLead } from './video-packets.ts';

const SOURCE = 'source';
const SOUND = 'sound.m4a';

/** A longer list of cuts would not fit into a command. */
const MOST_PARTS = 10_000;
/** Stored at once. */
const LANES = 3;

interface Wish {
  /** Of a segment. */
  seconds: number;
  out: { key(index: number, total: number): string; sound: string };
}

/** Cuts a video into parts at keyframes, and puts its sound beside. */
export async function cut(
  media: Artifact,
  { seconds: wish, out }: Wish,
  here: SegmentsPlace,
  { signal, progress }: Running,
): Promise<CutVideo> {
  const run = { signal, progress: rising(progress) };
  const { place } = here;
  await place.fetchTo(media, SOURCE, signal, (bytes) => run.progress((15 * bytes) / media.bytes));
  const source = await lookAtSource(here, stretch(run, 15, 25));
  if (source.seconds / wish > MOST_PARTS) {
    const told = `${Math.ceil(source.seconds / wish)} segments are more than ${MOST_PARTS}: ask for longer ones`;
    throw new Failure('input_invalid', told);
  }

  const cutting = { source, sound: SOUND, wish, here, run: stretch(run, 25, 85) };
  const asItIs = await cutAsItIs(cutting);
  const { parts, late } = asItIs ?? (await cutEncodedAgain(cutting));

  const stored = () => run.progress(85);
  const hasSound = soundTracks(source.probe).length > 0;
  const sound = hasSound ? await place.keep(SOUND, { key: out.sound, contentType: 'audio/mp4' }, signal, stored) : null;
  const segments = await inLanes(parts, { atOnce: LANES, signal }, async ({ name, seconds, frames }, k, stop) => {
    const to = { key: out.key(k, parts.length), contentType: 'video/mp4' };
    return { file: await place.keep(name, to, stop, stored), seconds, frames };
  });
  return { segments, sound, late, reencoded: !asItIs };
}

/** A recording that begins in the middle has frames in front that nothing can decode. They are no part of it. */
async function lookAtSource({ ffprobePath, place }: SegmentsPlace, run: Running) {
  const looking = { ffprobePath, cwd: place.path, signal: run.signal };
  const seen = await look(SOURCE, { ...looking, onPacket: () => run.progress(0) });
  const { packets, video } = seen;
  const { frames, ticks } = packets.lead;
  if (!packets.sane || frames === 0) return { ...seen, name: SOURCE, dropLead: false };
  // Packets of sound lie between them.
  const first = await firstDecoded(SOURCE, { ...looking, index: video.index, packets: 10 * frames + 50 });
  if (first < packets.start + ticks) return { ...seen, name: SOURCE, dropLead: false };
  return { ...seenBy(seen.probe, video, withoutLead(packets)), name: SOURCE, dropLead: true };
}
