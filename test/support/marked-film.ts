import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ffmpegForTests } from './ffmpeg.ts';

/** When, in seconds, somebody speaks in the film: as long as that a tone is heard, and the picture is white. */
export const MARKS = [
  { start: 2, end: 3.5 },
  { start: 5, end: 6.4 },
] as const;
export const SECONDS = 8;
export const FPS = 25;

/** A room with one film of which everything is known, and ffmpeg to make others of it. */
export async function markedFilms(dir: string) {
  const { ffmpegPath } = await ffmpegForTests();
  await mkdir(dir, { recursive: true });
  const ffmpeg = async (...args: string[]) => {
    await promisify(execFile)(ffmpegPath, ['-v', 'error', '-y', ...args], { cwd: dir });
  };
  const on = MARKS.map(({ start, end }) => `gte(t,${start})*lt(t,${end})`).join('+');
  const make = (name: string, rate: string | number, ...as: string[]) =>
    ffmpeg(
      ...['-f', 'lavfi', '-i', `testsrc2=s=320x180:r=${rate}:d=${SECONDS},drawbox=c=white:t=fill:enable='${on}'`],
      ...['-f', 'lavfi', '-i', `aevalsrc='0.4*sin(2*PI*300*t)*(${on})':s=44100:d=${SECONDS}`, ...as, name],
    );
  await make(FILM, FPS, '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '50', '-c:a', 'aac');
  return { dir, ffmpeg, make, film: join(dir, FILM) };
}
export type MarkedFilms = Awaited<ReturnType<typeof markedFilms>>;

const FILM = 'film.mp4';

/** When the picture of a file becomes white and when its sound begins, on the file's own clock. */
export async function marksIn(file: string): Promise<{ white: number[]; loud: number[] }> {
  const { ffmpegPath } = await ffmpegForTests();
  const key = 'lavfi.signalstats.YAVG';
  const { stdout, stderr } = await promisify(execFile)(
    ffmpegPath,
    [
      ...['-hide_banner', '-copyts', '-i', file, '-vf', `signalstats,metadata=print:key=${key}:file=-`],
      ...['-af', 'silencedetect=n=-30dB:d=0.3', '-f', 'null', '-'],
    ],
    { maxBuffer: 64 * 2 ** 20 },
  );
  const white: number[] = [];
  let at = 0;
  let wasWhite = false;
  for (const line of stdout.split('\n')) {
    at = Number(/pts_time:(\S+)/.exec(line)?.[1] ?? at);
    const level = line.startsWith(`${key}=`) ? Number(line.slice(key.length + 1)) : undefined;
    if (level === undefined) continue;
    if (level > 220 && !wasWhite) white.push(at);
    wasWhite = level > 220;
  }
  const loud = [...stderr.matchAll(/silence_end: (\S+)/g)].map(([, time]) => Number(time));
  return { white, loud: loud.slice(0, white.length || undefined) };
}

/** A hash of every frame as it is shown, in order. */
export async function frameHashes(file: string): Promise<string[]> {
  const { ffmpegPath } = await ffmpegForTests();
  const shown = ['-map', '0:v:0', '-fps_mode', 'passthrough', '-f', 'framehash', '-hash', 'md5', '-'];
  const { stdout } = await promisify(execFile)(ffmpegPath, ['-v', 'error', '-i', file, ...shown]);
  return stdout.split('\n').flatMap((line) => (line.startsWith('0,') ? line.split(',').at(-1)!.trim() : []));
}
