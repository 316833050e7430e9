import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ffmpeg, inLanes } from '@reverie/media';
import type { Running } from '@reverie/pipelines';
import { type Joint, layOut } from './lay-out.ts';
import type { SegmentsPlace } from './place.ts';
import { type SoundRun, soundRuns } from './sound-runs.ts';
import { type SoundSpan, soundSpan } from './sound-spans.ts';
import { soundTracks } from './sound-tracks.ts';

/** One track of the whole: uncompressed pieces, in a list for ffmpeg. */
export interface OwnTrack {
  list: string;
  channels: number;
  /** The track of a part that it is named as. */
  like: { name: string; track: SoundSpan['track'] };
}

/** Decoders at once. */
const LANES = 2;

/** Makes the sound that the parts bring themselves into tracks that are as long as the picture, to the sample. */
export async function ownSound(
  joints: readonly Joint[],
  { seconds, here, run }: { seconds: number; here: SegmentsPlace; run: Running },
): Promise<OwnTrack[]> {
  const tracksOf = joints.map(({ probe }) => soundTracks(probe));
  const most = Math.max(...tracksOf.map(({ length }) => length));
  const made: OwnTrack[] = [];
  for (let j = 0; j < most; j++) {
    const looking = { ffprobePath: here.ffprobePath, cwd: here.place.path };
    const soundings = await inLanes(joints, { atOnce: LANES, signal: run.signal }, async (joint, k, signal) => {
      const track = tracksOf[k]![j];
      return { joint, span: track && (await soundSpan(joint.name, { ...looking, signal, track })) };
    });
    const runs = soundRuns(soundings, seconds);
    if (runs.length > 0) made.push(await pieces(runs, { j, here, run }));
  }
  return made;
}

async function pieces(
  runs: readonly SoundRun[],
  { j, here, run }: { j: number; here: SegmentsPlace; run: Running },
): Promise<OwnTrack> {
  const {
    joint,
    span: { track },
  } = runs[0]!.parts[0]!;
  const { sample_rate: rate = 48_000, channels = 2 } = track;
  const list = `sound-${j}.txt`;
  const name = (i: number) => `sound-${j}-${i}.w64`;
  let done = 0;
  await inLanes(runs, { atOnce: LANES, signal: run.signal }, async (one, i, signal) => {
    await decodeRun(one, { name: name(i), rate, channels }, { here, signal });
    run.progress((100 * ++done) / runs.length);
  });
  const lines = runs.map(({ at, until }, i) => `file ${name(i)}\nduration ${(micros(until) - micros(at)) / 1e6}\n`);
  await writeFile(join(here.place.path, list), `ffconcat version 1.0\n${lines.join('')}`);
  return { list, channels, like: { name: joint.name, track } };
}

const micros = (seconds: number) => Math.round(seconds * 1e6);

/** Decodes the packets of a run one after the other, each to its place, and fills what is missing with silence. */
async function decodeRun(
  { parts, at, until }: SoundRun,
  { name, rate, channels }: { name: string; rate: number; channels: number },
  { here, signal }: { here: SegmentsPlace; signal: AbortSignal },
) {
  const { text, zero } = layOut(parts.map(({ joint }) => joint));
  await writeFile(join(here.place.path, `${name}.txt`), text);
  const samples = Math.round(until * rate) - Math.round(at * rate);
  const track = parts[0]!.span.track;
  await ffmpeg(
    (command) =>
      command
        // The only list ever read, and we wrote it: names of our own parts.
        .input(`file:${name}.txt`)
        .inputOptions('-protocol_whitelist', 'file', '-copyts', '-itsoffset', (zero - at).toFixed(6))
        // What a part's own list of edits leaves out may be what the next needs.
        .inputOptions('-flags2', '+skip_manual', '-f', 'concat')
        .output(`file:${name}`)
        .outputOptions('-map', `0:${track.index}`, '-ac', `${channels}`, '-ar', `${rate}`, '-c:a', 'pcm_s16le')
        .outputOptions('-af', `${IN_PLACE(rate)},apad=whole_len=${samples},atrim=end_sample=${samples}`, '-f', 'w64'),
    { ffmpegPath: here.ffmpegPath, cwd: here.place.path, signal },
  );
}

/** Holes and overlaps of more than 5 ms are mended where they are; by itself ffmpeg lets a tenth of a second pass. */
const IN_PLACE = (rate: number) => `aresample=${rate}:async=1:min_hard_comp=0.005:first_pts=0`;
