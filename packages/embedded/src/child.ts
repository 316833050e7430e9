import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { claim } from './claim.ts';
import { guard, release } from './guardian.ts';

export interface ChildOptions {
  name: string;
  /** Its own folder: `<name>.log` and `<name>.json` (who runs it) are kept there. */
  dir: string;
  /** Puts the folder in order; runs when it is certain that nobody else runs `name` there. */
  prepare?: () => Promise<void>;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  user?: { uid: number; gid: number } | undefined;
  stopSignal?: NodeJS.Signals;
  /** How long it may take to stop before it is killed. */
  graceSeconds?: number;
}

export interface Child extends AsyncDisposable {
  pid: number;
  logFile: string;
  /** Resolves with a sentence when it has ended, asked to or not. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

const ROTATE_AT_BYTES = 5_000_000;

/** Starts a long-lived process that does not outlive this one, however this one ends. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, dir, stopSignal = 'SIGTERM', graceSeconds = 10 } = options;
  mkdirSync(dir, { recursive: true });
  const held = await claim(dir, { name, signal: stopSignal, graceSeconds });
  const logFile = join(dir, `${name}.log`);
  try {
    await options.prepare?.();
    const child = await spawned(options, logFile);
    const pid = child.pid!;
    const ward = { pid, stopSignal, graceSeconds };
    guard(ward);
    held.started(pid);
    const exited = once(child, 'exit').then(([code, signal]) => {
      killGroup(pid); // whatever it started and left behind
      release(ward);
      held.release();
      return `${name} ended with ${signal ?? `code ${code}`}`;
    });

    let stopping: Promise<void> | undefined;
    const stop = () => {
      stopping ??= (async () => {
        child.kill(stopSignal);
        const deadline = setTimeout(() => killGroup(pid), graceSeconds * 1000);
        await exited;
        clearTimeout(deadline);
      })();
      return stopping;
    };
    return { pid, logFile, exited, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    held.release();
    throw error;
  }
}

async function spawned({ command, args, cwd, env, user, dir }: ChildOptions, logFile: string): Promise<ChildProcess> {
  const log = openLog(logFile);
  const child = spawn(command, args, {
    cwd: cwd ?? dir,
    env: env ?? process.env,
    detached: true, // a group of its own: Ctrl-C reaches us alone, and we stop things in order
    stdio: ['ignore', log, log],
    ...user,
  });
  closeSync(log);
  if (child.pid !== undefined) return child;
  const [cause] = await once(child, 'error');
  throw new Error(`cannot run ${command}: ${cause.message}`, { cause });
}

/** The end of a log, for an error that should say why. */
export function lastLines(logFile: string, count = 8): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}

function openLog(file: string): number {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > ROTATE_AT_BYTES) renameSync(file, `${file}.old`);
  return openSync(file, 'a');
}

function killGroup(pid: number) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nobody left in it
  }
}
