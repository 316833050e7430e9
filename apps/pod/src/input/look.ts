import { Failure } from '@reverie/contracts';
import { audioOf, ffprobe, isRefused, type Probe, videoOf } from '@reverie/media';
import type { Bench, Run } from '../bench.ts';
import type { Fetched } from './fetch-input.ts';

type Stream = Probe['streams'][number];

/** One of the streams of the input. All times are from where the video begins, on the clock that its files share. */
export interface Track {
  file: string;
  /** ffmpeg's number of it. */
  index: number;
  stream: Stream;
  /** When the file begins; alone in a command, ffmpeg takes that for the beginning of everything. */
  fileLate: number;
  /** When the track does. */
  late: number;
}

export interface Input {
  probe: Probe;
  picture: Track;
  sound: Track | undefined;
  /** About how long it is: what a percentage is of. */
  seconds: number;
  jumps: boolean;
}

/** More than the first 10 MB are not searched for streams. */
const CAREFULLY = ['-probesize', '10M', '-analyzeduration', '10M', '-max_streams', '32'];

/** What ffprobe says of the input: which picture and which sound are taken. */
export async function lookAt(fetched: Fetched, { ffprobePath }: Bench, { dir, signal }: Run): Promise<Input> {
  const look = (name: string) =>
    ffprobe(name, { ffprobePath, cwd: dir, signal, kind: 'source', options: CAREFULLY }).catch(unreadable);
  const probe = await look(fetched.video);
  const apart = fetched.audio === undefined ? undefined : await look(fetched.audio);
  const video = videoOf(probe);
  if (!video?.width) throw new Failure('media_no_video', 'the video has no picture to put subtitles under');

  const begin = Math.min(beginOf(probe), apart && hasClock(apart) ? beginOf(apart) : beginOf(probe));
  const track = (file: string, of: Probe, stream: Stream): Track => {
    const zero = hasClock(of) ? begin : beginOf(of);
    const late = (stream.start_time ?? beginOf(of)) - zero;
    return { file, index: stream.index, stream, fileLate: beginOf(of) - zero, late: Math.max(0, late) };
  };
  const audio = audioOf(apart ?? probe);
  return {
    probe,
    picture: track(fetched.video, probe, video),
    sound: audio && track(fetched.audio ?? fetched.video, apart ?? probe, audio),
    seconds: probe.format.duration ?? 0,
    jumps: fetched.jumps,
  };
}

const beginOf = ({ format }: Probe) => format.start_time ?? 0;

/** Bare streams of sound count from 0, whenever they are heard. */
const hasClock = ({ format }: Probe) => !/^(aac|mp3|ac3|eac3)$/.test(format.format_name);

/** For `.catch`: what ffmpeg cannot read is a bad file, not a bad ffmpeg. */
export function unreadable(error: unknown): never {
  if (!isRefused(error)) throw error;
  const said = error.trace?.log.split('\n').at(-1) ?? '';
  const told = `ffmpeg cannot read the video: it is damaged, or no video at all${said && ` (${said.slice(0, 200)})`}`;
  throw new Failure('media_unreadable', told, { cause: error, trace: error.trace });
}
