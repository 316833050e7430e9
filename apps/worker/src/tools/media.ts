import { Failure } from '@reverie/contracts';
import { addInput, audioOf, factsOf, ffmpeg, ffprobe, isRefused, type Probe, videoOf } from '@reverie/media';
import type { Media } from '@reverie/pipelines';
import type { Workplace } from './workplace.ts';

/** Files up to here are decoded whole; of longer ones, the first and the last seconds. */
const DECODE_WHOLE_SECONDS = 30;
const ENDS_SECONDS = 2;

/** Looks at files with ffprobe and ffmpeg, in the folder of one attempt. */
export const ffmpegMedia = (tools: { ffmpegPath: string; ffprobePath: string; place: Workplace }): Media => ({
  async verify(file, expected, signal) {
    const { ffprobePath, place } = tools;
    await place.fetchTo(file, NAME, signal);
    const probe = await ffprobe(NAME, { ffprobePath, cwd: place.path, signal }).catch(rejected('cannot be opened'));
    const duration = probe.format.duration ?? 0;
    const off = Math.abs(duration - expected.duration);
    if (off > Math.max(1, expected.duration * 0.02)) {
      throw new Failure('output_rejected', `the file is ${duration} s long instead of ${expected.duration} s`);
    }
    for (const kind of expected.streams) {
      if (!streamOf(probe, kind)) throw new Failure('output_rejected', `the file has no ${kind}`);
    }
    for (const [from, seconds] of stretches(duration)) {
      const reached = await decode(tools, { from, seconds, signal }).catch(rejected('does not decode'));
      // A truncated file can end early without a complaint.
      if (reached < seconds - 0.75) throw new Failure('output_rejected', `the file does not decode to its end`);
    }
    return factsOf(probe, duration);
  },
});

const NAME = 'to-verify';

const stretches = (duration: number): [from: number, seconds: number][] =>
  duration <= DECODE_WHOLE_SECONDS
    ? [[0, duration]]
    : [
        [0, ENDS_SECONDS],
        [duration - ENDS_SECONDS, ENDS_SECONDS],
      ];

/** Decodes a stretch, stopping at any error; says how many seconds came out. */
async function decode(
  { ffmpegPath, place }: { ffmpegPath: string; place: Workplace },
  { from, seconds, signal }: { from: number; seconds: number; signal: AbortSignal },
): Promise<number> {
  let reached = 0;
  const options = ['-xerror', '-err_detect', 'explode', ...(from > 0 ? ['-ss', from.toFixed(3)] : [])];
  const trace = await ffmpeg(
    (command) =>
      addInput(command, { name: NAME, kind: 'any', options })
        .output('-')
        .outputOptions('-map', '0:v?', '-map', '0:a?', '-t', seconds.toFixed(3), '-f', 'null'),
    {
      ffmpegPath,
      cwd: place.path,
      signal,
      onLine: (line) => {
        const at = /^out_time_us=(\d+)/.exec(line) ?? /^out_time_ms=(\d+)/.exec(line);
        if (at) reached = Number(at[1]) / 1_000_000;
      },
    },
  );
  // Matroska says so and ends with 0: up to a second could be gone and nobody would know.
  if (/ended prematurely/i.test(trace.log)) throw new Failure('output_rejected', 'the file is cut off', { trace });
  return reached;
}

/** For `.catch`: anything but a refusal stays what it is. */
const rejected = (what: string) => (error: unknown) => {
  if (!isRefused(error)) throw error;
  throw new Failure('output_rejected', `the file ${what}`, { cause: error, trace: error.trace });
};

const streamOf = (probe: Probe, kind: 'video' | 'audio') => (kind === 'video' ? videoOf(probe) : audioOf(probe));
