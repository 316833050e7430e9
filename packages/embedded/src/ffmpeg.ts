import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { npmProgram } from './ffmpeg-npm.ts';
import { findBeside, findOnPath } from './find-on-path.ts';

const run = promisify(execFile);

const FILTERS = ['drawtext', 'subtitles', 'loudnorm', 'zoompan', 'xfade'];
const ENCODERS = ['libx264', 'aac'];

export interface FfmpegOptions {
  /** FFMPEG_PATH, FFPROBE_PATH and PATH are read. */
  env: NodeJS.ProcessEnv;
  /** Where a runnable copy of npm's programs goes if node_modules cannot be written to. */
  cacheDir: string;
}

export interface Ffmpeg {
  ffmpeg: string;
  ffprobe: string;
  /** Where it comes from and why not from elsewhere, for people. */
  why: string;
}

/** The first ffmpeg that can do all we ask of one: FFMPEG_PATH, then the PATH, then npm's. */
export async function findFfmpeg({ env, cacheDir }: FfmpegOptions): Promise<Ffmpeg> {
  const candidates = [
    ['FFMPEG_PATH', env.FFMPEG_PATH],
    ['PATH', findOnPath(['ffmpeg'], env.PATH)],
    ['npm', npmProgram('ffmpeg', cacheDir)],
  ] as const;
  const refused: string[] = [];
  for (const [from, ffmpeg] of candidates) {
    if (!ffmpeg) continue;
    const wrong = await whatIsWrong(ffmpeg);
    // Npm's 4.1, for other platforms than linux-x64, has all but this one; the film then fades without it.
    if (wrong && !(from === 'npm' && wrong === 'lacks xfade')) refused.push(`${from}: ${ffmpeg} ${wrong}`);
    else {
      const ffprobe = await findFfprobe(ffmpeg, { env, cacheDir });
      return { ffmpeg, ffprobe, why: `from ${[from, ...refused].join('; not from ')}` };
    }
  }
  throw new Error(
    `no usable ffmpeg (${refused.join('; ') || 'none found'}). Set FFMPEG_PATH to one with the filters ` +
      `${FILTERS.join(', ')} and the encoders ${ENCODERS.join(', ')}`,
  );
}

async function findFfprobe(ffmpeg: string, { env, cacheDir }: FfmpegOptions): Promise<string> {
  const candidates = [
    env.FFPROBE_PATH,
    findBeside(ffmpeg, 'ffprobe'),
    findOnPath(['ffprobe'], env.PATH),
    npmProgram('ffprobe', cacheDir),
  ];
  for (const ffprobe of candidates) {
    if (ffprobe && (await output(ffprobe, '-version')) !== undefined) return ffprobe;
  }
  throw new Error(`no ffprobe that runs goes with ${ffmpeg}: set FFPROBE_PATH`);
}

async function whatIsWrong(ffmpeg: string): Promise<string | undefined> {
  const [filters, encoders] = await Promise.all([output(ffmpeg, '-filters'), output(ffmpeg, '-encoders')]);
  if (filters === undefined || encoders === undefined) return 'does not run';
  const missing = [
    ...FILTERS.filter((name) => !listed(filters).has(name)),
    ...ENCODERS.filter((name) => !listed(encoders).has(name)),
  ];
  return missing.length > 0 ? `lacks ${missing.join(', ')}` : undefined;
}

/** Both lists have a line for each: flags, name, description. */
const listed = (lines: string) => new Set(lines.split('\n').map((line) => line.trim().split(/\s+/)[1]));

const output = (program: string, question: string): Promise<string | undefined> =>
  run(program, ['-hide_banner', question]).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
