import { Failure } from '@reverie/contracts';
import { run } from './run.ts';

/** What an ffmpeg says it is: 5.1 is 501. Undefined: it is built from the middle of a branch, and new. */
export const versionIn = (line: string): number | undefined => {
  const [, major, minor] = /^ffmpeg version n?(\d+)\.(\d+)/.exec(line) ?? [];
  return major === undefined ? undefined : Number(major) * 100 + Number(minor);
};

const known = new Map<string, Promise<number | undefined>>();

/** Refuses an ffmpeg that is older than `least`, by what it says of itself; asked once. */
export async function needFfmpeg(ffmpegPath: string, { least, what }: { least: number; what: string }): Promise<void> {
  const asked = known.get(ffmpegPath) ?? askVersion(ffmpegPath);
  known.set(ffmpegPath, asked);
  const version = await asked;
  if (version === undefined || version >= least) return;
  const inWords = (number: number) => `${Math.floor(number / 100)}.${number % 100}`;
  throw new Failure(
    'tool_missing',
    `${what} ffmpeg ${inWords(least)} or newer, and ${ffmpegPath} is ${inWords(version)}: set FFMPEG_PATH and FFPROBE_PATH`,
  );
}

async function askVersion(ffmpegPath: string): Promise<number | undefined> {
  const lines: string[] = [];
  const asking = {
    cwd: process.cwd(),
    signal: AbortSignal.timeout(10_000),
    onLine: (line: string) => lines.push(line),
  };
  await run(ffmpegPath, ['-version'], asking);
  return versionIn(lines[0] ?? '');
}
