import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Calls back when the npm that runs us was killed: it cannot tell us then. Between npm and us there is mostly a shell
 * that waits for us and goes on doing so; then its parent is the one to watch.
 */
export function whenNpmIsGone(callback) {
  if (!process.env.npm_lifecycle_event) return;
  const shell = look(process.ppid);
  const isShell = /sh$/.test(shell?.name ?? '');
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent && (!isShell || look(parent)?.parent === shell.parent)) return;
    clearInterval(watch);
    callback();
  }, 1000);
  watch.unref();
}

function look(pid) {
  try {
    const found = process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
    return { name: found[1], parent: Number(found[2]) };
  } catch {
    return undefined;
  }
}

const fromProc = (pid) => /\((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));

function fromPs(pid) {
  const line = execFileSync('ps', ['-o', 'ppid=', '-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' });
  const [, parent, name] = /(\d+)\s+(.*)/.exec(line);
  return [line, name.trim(), parent];
}
