import { type ChildProcess, spawn } from 'node:child_process';
import { basename } from 'node:path';
import { type CommandTrace, Failure } from '@reverie/contracts';
import { quoteCommand, Tail } from './command-trace.ts';
import { dyingWithUs } from './dying-with-us.ts';

export interface RunOptions {
  /** The command's own folder; relative names in `args` are in it. */
  cwd: string;
  /** SIGTERM to the whole process group, SIGKILL soon after. */
  signal: AbortSignal;
  /** Called with every whole line of standard output. */
  onLine?: (line: string) => void;
  /** Called with what the command writes to `pipe:3`, as it comes. */
  onBytes?: (chunk: Uint8Array) => void;
}

/** How long a command may take to end by itself: what it would still write is thrown away, and a caller waits for its cancel. */
const GRACE_MS = 300;

/** The only spawn in Reverie. Resolves when the command ended with 0. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<CommandTrace> {
  const { cwd, signal, onLine, onBytes } = options;
  signal.throwIfAborted();
  const [program, all] = dyingWithUs(command, args);
  const child = spawn(program, all, {
    cwd,
    // A group of its own: what the command starts ends with it, and a Ctrl-C meant for us is not meant for it.
    detached: true,
    stdio: ['ignore', onLine ? 'pipe' : 'ignore', 'pipe', ...(onBytes ? (['pipe'] as const) : [])],
    // No secrets. And none of glibc's converters: npm's static ffprobe crashes on loading them, as a transport stream
    // that names its station has it do.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8', GCONV_PATH: '/nonexistent' },
  });
  const tail = new Tail();
  eachLine(child.stderr!, (line) => tail.add(line));
  if (onLine) eachLine(child.stdout!, onLine);
  if (onBytes) child.stdio[3]!.on('data', onBytes);

  const stop = stopper(child);
  signal.addEventListener('abort', stop.begin);
  try {
    const ended = await endOf(child);
    if (signal.aborted) throw signal.reason;
    const trace = { command: quoteCommand(command, args), log: tail.toString() };
    if (ended.error || ended.code !== 0) throw failureOf(command, ended, trace);
    return trace;
  } finally {
    signal.removeEventListener('abort', stop.begin);
    stop.done();
  }
}

interface Ended {
  code: number | null;
  signal?: NodeJS.Signals | null;
  error?: Error;
}

const endOf = (child: ChildProcess): Promise<Ended> =>
  new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, error }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });

/** Ends the group: asked first, and made to when it is deaf, stopped, or leaves somebody behind. */
function stopper(child: ChildProcess) {
  let deadline: NodeJS.Timeout | undefined;
  const tell = (signal: NodeJS.Signals) => {
    try {
      if (child.pid) process.kill(-child.pid, signal);
    } catch {
      // the group is gone already
    }
  };
  return {
    begin: () => {
      tell('SIGTERM');
      tell('SIGCONT'); // a stopped process hears nothing until it goes on
      deadline = setTimeout(() => tell('SIGKILL'), GRACE_MS);
      child.once('exit', () => tell('SIGKILL'));
    },
    done: () => clearTimeout(deadline),
  };
}

/** ffmpeg ends its lines with either of the two. */
function eachLine(from: NodeJS.ReadableStream, use: (line: string) => void) {
  let rest = '';
  from.setEncoding('utf8');
  from.on('data', (text: string) => {
    const lines = (rest + text).split(/\r\n|\r|\n/);
    rest = lines.pop()!.slice(-65_536);
    for (const line of lines) use(line);
  });
  from.on('end', () => rest && use(rest));
}

function failureOf(command: string, ended: Ended, trace: CommandTrace): Failure {
  const name = basename(command);
  const missing =
    (ended.error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT' ||
    (ended.code === 127 && trace.log.includes('failed to execute'));
  if (missing) {
    const how = /^ff(mpeg|probe)/.test(name)
      ? `install ffmpeg, or set ${name.toUpperCase()}_PATH to where it is`
      : `install ${name}, or put it on the PATH`;
    return new Failure('tool_missing', `${command} was not found: ${how}`, { cause: ended.error, trace });
  }
  if (/no space left|disk quota exceeded/i.test(trace.log)) {
    return new Failure('disk_full', `no room left on the disk for ${name}`, { trace });
  }
  const how = ended.error?.message ?? (ended.signal ? `was ended by ${ended.signal}` : `ended with ${ended.code}`);
  return new Failure('ffmpeg_failed', `${name} ${how}`, { cause: ended.error, trace });
}
