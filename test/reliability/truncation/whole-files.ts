import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ffmpegForTests } from '../../support/ffmpeg.ts';

const exec = promisify(execFile);

export interface WholeFile {
  name: string;
  path: string;
  bytes: number;
  duration: number;
  /** When the last packet of each stream begins. */
  ends: Ends;
}
export type Ends = Record<string, number>;

const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '50', '-c:a', 'aac'];
/** Name, the kind of file, and what makes it so. */
const KINDS: [name: string, extension: string, options: string[]][] = [
  ['moov in front', 'mp4', [...X264, '-movflags', '+faststart']],
  ['moov at the end', 'mp4', X264],
  ['fragmented', 'mp4', [...X264, '-movflags', '+frag_keyframe+empty_moov']],
  ['matroska', 'mkv', X264],
  ['webm', 'webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-g', '50', '-c:a', 'libopus']],
  ['transport stream', 'ts', X264],
];
/** Below and above where `verify` stops to decode a file whole. */
export const SHORT_AND_LONG: readonly number[] = [9, 40];

/** Every kind of file, of every length. */
export async function wholeFiles(dir: string, lengths: readonly number[]): Promise<WholeFile[]> {
  const made: WholeFile[] = [];
  for (const seconds of lengths) {
    for (const [kind, extension, options] of KINDS) {
      const path = join(dir, `${kind.replaceAll(' ', '-')}-${seconds}.${extension}`);
      await ffmpeg([
        ...['-f', 'lavfi', '-i', `testsrc2=s=160x90:r=25:d=${seconds}`],
        ...['-f', 'lavfi', '-i', `sine=f=300:d=${seconds}`, ...options, path],
      ]);
      made.push(await looked(kind, path, seconds));
    }
    made.push(await pictureLast(dir, seconds));
  }
  return made;
}

/** All the sound, then all the picture: half of such a file still has a whole sound track. */
async function pictureLast(dir: string, seconds: number): Promise<WholeFile> {
  const path = join(dir, `picture-last-${seconds}.mp4`);
  await ffmpeg([
    ...['-f', 'lavfi', '-i', `sine=f=300:d=${seconds}`],
    ...['-f', 'lavfi', '-i', `testsrc2=s=160x90:r=25:d=${seconds}`],
    ...['-map', '1:v', '-map', '0:a', ...X264, '-movflags', '+faststart', '-max_interleave_delta', '0'],
    ...['-chunk_duration', '2000000000', path],
  ]);
  return looked('picture last', path, seconds);
}

async function looked(kind: string, path: string, seconds: number): Promise<WholeFile> {
  return {
    name: `${kind}, ${seconds} s`,
    path,
    bytes: (await stat(path)).size,
    duration: seconds,
    ends: await endsOf(path),
  };
}

const ffmpeg = async (args: string[]) =>
  exec((await ffmpegForTests()).ffmpegPath, ['-v', 'error', '-nostdin', '-y', ...args]);

/** Read packet by packet, with nothing believed that a header says: framecrc has one line for each. */
export async function endsOf(path: string): Promise<Ends> {
  const { ffmpegPath } = await ffmpegForTests();
  const asked = ['-v', 'quiet', '-nostdin', '-i', path, '-map', '0', '-c', 'copy', '-f', 'framecrc', '-'];
  // Broken files are what this is about: whatever came out before the end counts.
  const { stdout } = await exec(ffmpegPath, asked, { maxBuffer: 2 ** 26 }).catch((error: { stdout: string }) => error);
  const kinds: string[] = [];
  const units: number[] = [];
  const ends: Ends = {};
  for (const line of stdout.split('\n')) {
    const head = /^#(tb|media_type) (\d+): (\w+)(?:\/(\d+))?/.exec(line);
    if (head?.[1] === 'tb') units[Number(head[2])] = Number(head[3]) / Number(head[4]);
    if (head?.[1] === 'media_type') kinds[Number(head[2])] = head[3]!;
    const [stream = '', , pts = ''] = line.split(',');
    const kind = kinds[Number(stream)];
    if (!line.startsWith('#') && kind) ends[kind] = Math.max(ends[kind] ?? 0, Number(pts) * units[Number(stream)]!);
  }
  return ends;
}

/** Whether the last two seconds come out without a complaint. */
export async function tailDecodes(path: string): Promise<boolean> {
  const { ffmpegPath } = await ffmpegForTests();
  const args = ['-v', 'error', '-nostdin', '-xerror', '-sseof', '-2', '-i', path, '-f', 'null', '-'];
  return exec(ffmpegPath, args).then(
    ({ stderr }) => stderr === '',
    () => false,
  );
}
