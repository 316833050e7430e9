import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RunningProcess {
  /** When it started: a pid alone may by now belong to somebody else. */
  born: string;
  command: string;
}

/** What runs under this pid; undefined when nothing does, a zombie included. */
export function findProcess(pid: number): RunningProcess | undefined {
  try {
    return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  } catch {
    return undefined;
  }
}

export const isAlive = ({ pid, born }: { pid: number; born: string }): boolean => findProcess(pid)?.born === born;

/** Ends a process that is not our child: asks with `signal`, insists after the deadline. */
export async function endProcess(pid: number, { signal, graceSeconds }: EndOptions): Promise<void> {
  const born = findProcess(pid)?.born;
  if (born === undefined) return;
  for (const [how, seconds] of [[signal, graceSeconds] as const, ['SIGKILL', 5] as const]) {
    process.kill(pid, how);
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(50)) {
      if (!isAlive({ pid, born })) return;
    }
  }
  throw new Error(`process ${pid} does not end, not even by SIGKILL`);
}

export interface EndOptions {
  signal: NodeJS.Signals;
  graceSeconds: number;
}

function fromProc(pid: number): RunningProcess | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before the last ')' may hold spaces; after it come the state and, 19 fields on, the start time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();
  return { born: String(fields[19]), command };
}

function fromPs(pid: number): RunningProcess | undefined {
  const args = ['-ww', '-o', 'stat=', '-o', 'lstart=', '-o', 'command=', '-p', String(pid)];
  const line = execFileSync('ps', args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, stdio: 'pipe' });
  const [, stat, born, command] = /^(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)/.exec(line.trim()) ?? [];
  return stat?.startsWith('Z') || !born ? undefined : { born, command: command ?? '' };
}
