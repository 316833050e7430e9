import { ffprobe } from '@reverie/media';
import type { Running } from '@reverie/pipelines';
import { checkParts, type Part, partsOf } from './check-parts.ts';
import { areSeldom, chooseCuts } from './choose-cuts.ts';
import { clockOf } from './clock.ts';
import { look, type Seen } from './look.ts';
import { encodeWithoutLoss } from './lossless.ts';
import type { SegmentsPlace } from './place.ts';
import { firstHeard, keptAsTheyAre, soundTracks } from './sound-tracks.ts';
import { split } from './split.ts';
import { stretch } from './stretch.ts';

/** What MP4 can hold as it is. */
const HELD = ['h264', 'hevc', 'av1', 'vp9', 'mpeg4', 'mpeg2video', 'mpeg1video', 'mjpeg'];

const LOSSLESS = 'lossless.mp4';

interface Cutting {
  source: Seen & { name: string; dropLead: boolean };
  /** What its sound is to be called. */
  sound: string;
  /** Seconds of a part. */
  wish: number;
  here: SegmentsPlace;
  run: Running;
}

interface Cut {
  parts: Part[];
  /** The picture begins so many seconds after the sound. */
  late: number;
}

/** Cuts between packets. Undefined where that would not do. */
export async function cutAsItIs({ source, sound, wish, here, run }: Cutting): Promise<Cut | undefined> {
  const { packets, video } = source;
  const cuts = cutsOf(source, wish);
  if (!packets.sane || !HELD.includes(video.codec_name)) return undefined;
  if (areSeldom(cuts, { wish, total: source.seconds })) return undefined;
  const beside = besideOf(source, sound);
  await split({ ...source, cuts, beside }, here, stretch(run, 0, 80));
  const parts = partsOf(source, cuts);
  if (!(await checkParts(parts, here, stretch(run, 80, 100)))) return undefined;
  return { parts, late: beside ? await lateAfter(sound, source, here, run) : 0 };
}

/** Encodes everything again, without loss, with keyframes where it is to be cut. */
export async function cutEncodedAgain({ source, sound, wish, here, run }: Cutting): Promise<Cut> {
  const beside = besideOf(source, sound);
  await encodeWithoutLoss({ ...source, every: wish, beside, output: LOSSLESS }, here, stretch(run, 0, 75));
  const looking = { ffprobePath: here.ffprobePath, cwd: here.place.path, signal: run.signal };
  const encoded = await look(LOSSLESS, { ...looking, onPacket: () => run.progress(75) });
  const cuts = cutsOf(encoded, wish);
  await split({ ...encoded, name: LOSSLESS, dropLead: false, cuts }, here, stretch(run, 75, 90));
  const parts = partsOf(encoded, cuts);
  await checkParts(parts, here, stretch(run, 90, 100));
  return { parts, late: beside ? await lateAfter(sound, encoded, here, run) : 0 };
}

/** How much later than its sound a picture begins: the file beside has the same clock. */
async function lateAfter(sound: string, picture: Seen, { ffprobePath, place }: SegmentsPlace, { signal }: Running) {
  const { streams } = await ffprobe(sound, { ffprobePath, cwd: place.path, signal });
  return picture.start - firstHeard(streams);
}

function cutsOf({ packets, video, seconds }: Seen, wish: number) {
  const { tick } = clockOf(video);
  const cuts = packets.cuts.map((cut) => ({ ...cut, at: (cut.pts - packets.start) * tick }));
  return chooseCuts(cuts, { wish, total: seconds });
}

function besideOf({ probe }: Seen, name: string) {
  const tracks = soundTracks(probe);
  return tracks.length > 0 ? { name, options: keptAsTheyAre(tracks) } : undefined;
}
