import type { CommandTrace } from '@reverie/contracts';
import fluent, { type FfmpegCommand } from 'fluent-ffmpeg';
import { percentOf } from './ffmpeg-progress.ts';
import { run } from './run.ts';

/** Where one command works, and with what. */
export interface FfmpegPlace {
  ffmpegPath: string;
  /** The folder of the attempt: all names in the command are in it. */
  cwd: string;
  signal: AbortSignal;
}

export interface Progress {
  /** How long the output will be: what a percentage is of. */
  seconds: number;
  onPercent(percent: number): void;
}

/** Who wants to hear what of a command: how far it is or its lines, and what it writes to `pipe:3`. */
interface Listening {
  progress?: Progress;
  onLine?: (line: string) => void;
  onBytes?: (chunk: Uint8Array) => void;
}

/**
 * Runs what `build` says. fluent-ffmpeg only writes the arguments: its own spawn, its check of capabilities
 * (refuses lavfi on ffmpeg 7) and its percentages (wrong or missing) are not used.
 */
export async function ffmpeg(
  build: (command: FfmpegCommand) => FfmpegCommand,
  { ffmpegPath, cwd, signal, progress, onLine, onBytes }: FfmpegPlace & Listening,
): Promise<CommandTrace> {
  const follow = progress ? percentOf(progress.seconds, progress.onPercent) : onLine;
  return run(ffmpegPath, ffmpegArgs(build), {
    cwd,
    signal,
    ...(follow && { onLine: follow }),
    ...(onBytes && { onBytes }),
  });
}

/** The arguments, with what every command of ours has. */
export function ffmpegArgs(build: (command: FfmpegCommand) => FfmpegCommand): string[] {
  const command = build(fluent()) as FfmpegCommand & { _getArguments(): (string | number)[] };
  const ours = ['-nostdin', '-hide_banner', '-y', '-nostats', '-progress', 'pipe:1'];
  return [...ours, ...command._getArguments().map(String)];
}

/** What an input may be, by what ffmpeg calls the formats: never a playlist, which could name other files. */
export const FORMATS = {
  picture: 'mov,matroska,webm,png_pipe,jpeg_pipe,webp_pipe',
  sound: 'wav,mp3,mov,ogg,flac,aac',
  any: 'mov,matroska,webm,png_pipe,jpeg_pipe,webp_pipe,wav,mp3,ogg,flac,aac',
  /** What people have: files that hold a recording, and no stills. `mov` is MP4, M4A and 3GP, too; `ogg` is Opus. */
  source: 'mov,matroska,webm,mpegts,mpeg,avi,flv,asf,wav,w64,mp3,ogg,flac,aac,ac3,eac3,aiff,amr,caf',
} as const;

/** A pixel bomb is refused before it is unpacked: 8000 by 5000 is far more than any picture of ours. */
const MAX_PIXELS = '40000000';
/** A source may have 8192 by 8192. */
const MAX_SOURCE_PIXELS = '67108864';

/** What stands before `-i`. The `file:` prefix keeps a name from being anything but a name. */
export const guards = (kind: keyof typeof FORMATS): string[] => [
  '-protocol_whitelist',
  'file',
  '-format_whitelist',
  FORMATS[kind],
  '-max_pixels',
  kind === 'source' ? MAX_SOURCE_PIXELS : MAX_PIXELS,
];

/** Adds a file of the attempt's folder as an input. */
export function addInput(
  command: FfmpegCommand,
  { name, kind, options = [] }: { name: string; kind: keyof typeof FORMATS; options?: readonly string[] },
): FfmpegCommand {
  // Spread: given one by one options are taken as they are, a list of them is split at spaces.
  return command.input(`file:${name}`).inputOptions(...guards(kind), ...options);
}
