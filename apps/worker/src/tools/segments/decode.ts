import { Failure } from '@reverie/contracts';
import { addInput, ffmpeg, isRefused } from '@reverie/media';

interface Decoding {
  ffmpegPath: string;
  cwd: string;
  signal: AbortSignal;
  /** Where to begin, and how far to go; all of it where nothing is said. */
  from?: number;
  seconds?: number;
  /** Whether any error ends it; it does where nothing is said. */
  strict?: boolean;
  alive(): void;
}

/** Decodes a picture, and says how many frames came out. */
export async function decodeFrames(name: string, how: Decoding): Promise<number> {
  const { from = 0, seconds, strict = true, alive, ...place } = how;
  let frames = 0;
  const options = [
    ...(strict ? ['-xerror', '-err_detect', 'explode'] : []),
    ...(from > 0 ? ['-ss', from.toFixed(3)] : []),
  ];
  const length = seconds === undefined ? [] : ['-t', seconds.toFixed(3)];
  const trace = await ffmpeg(
    (command) =>
      addInput(command, { name, kind: 'source', options })
        .output('-')
        .outputOptions('-map', '0:V:0', '-fps_mode', 'passthrough', ...length, '-f', 'null'),
    {
      ...place,
      onLine(line) {
        alive();
        frames = Number(/^frame=\s*(\d+)/.exec(line)?.[1] ?? frames);
      },
    },
  );
  if (/ended prematurely|partial file/i.test(trace.log)) {
    throw new Failure('output_rejected', `${name} is cut off`, { trace });
  }
  return frames;
}

/** For `.catch`: what ffmpeg refuses is a bad file, not a bad ffmpeg; anything else stays what it is. */
export const badFile =
  (code: 'output_rejected' | 'media_unreadable', told: string) =>
  (error: unknown): never => {
    if (!isRefused(error) && !isOurRefusal(error)) throw error;
    throw new Failure(code, told, { cause: error, trace: error.trace });
  };

const isOurRefusal = (error: unknown): error is Failure =>
  error instanceof Failure && (error.code === 'media_no_video' || error.code === 'output_rejected');
