import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Cost {
  cpuSeconds: number;
  wallSeconds: number;
}

/** The shell says what everything it waited for took, however many processes that were. */
const SCRIPT = 'set -e; trap times EXIT; "$@"';

/**
 * What a command costs, with all that it starts: user and system time. A command may say on its last line, as JSON, what
 * of it was getting ready; that is taken off.
 */
export async function costOf(command: string, args: readonly string[], cwd: string): Promise<Cost & { said: string }> {
  const from = performance.now();
  const { stdout } = await promisify(execFile)('bash', ['-c', SCRIPT, 'bash', command, ...args], {
    cwd,
    maxBuffer: 2 ** 26,
  });
  const wallSeconds = (performance.now() - from) / 1000;
  const lines = stdout.trim().split('\n');
  const cpuSeconds = secondsIn(lines.slice(-2).join(' '));
  const said = lines.at(-3) ?? '';
  const ready = said.startsWith('{') ? (JSON.parse(said) as { ready?: Cost }).ready : undefined;
  return {
    cpuSeconds: cpuSeconds - (ready?.cpuSeconds ?? 0),
    wallSeconds: wallSeconds - (ready?.wallSeconds ?? 0),
    said,
  };
}

/** `0m1.234s 0m0.056s`: the shell's own time and its children's. */
const secondsIn = (times: string): number =>
  [...times.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
