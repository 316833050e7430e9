import { type ChildProcess, spawn } from 'node:child_process';

export interface Ward {
  pid: number;
  stopSignal: NodeJS.Signals;
  graceSeconds: number;
}

/**
 * One small shell for all our children. It reads from a pipe that only this process can write to; when we die, by
 * SIGKILL too, it reads the end of the file and stops what we left behind: last started first, each with its own signal.
 */
const SCRIPT = `
trap '' HUP INT TERM
runs() {
  kill -s 0 "$1" || return 1
  # A container may have nobody who buries the dead: a zombie has stopped all the same.
  [ -r "/proc/$1/stat" ] || return 0
  read -r stat < "/proc/$1/stat"
  case $stat in *') Z '*) return 1 ;; esac
}
wards=
while read -r verb ward; do
  rest=
  for w in $wards; do [ "$w" = "$ward" ] || rest="$rest $w"; done
  wards=$rest
  [ "$verb" = keep ] && wards="$ward $wards"
done
for ward in $wards; do
  IFS=: read -r pid signal tenths <<END
$ward
END
  kill -s "$signal" "$pid" || continue
  while [ "$tenths" -gt 0 ] && runs "$pid"; do
    sleep 0.1
    tenths=$((tenths - 1))
  done
  kill -s KILL -- "-$pid"
done
`;

let shell: ChildProcess | undefined;

export const guard = (ward: Ward): void => tell('keep', ward);
export const release = (ward: Ward): void => tell('drop', ward);

function tell(verb: 'keep' | 'drop', { pid, stopSignal, graceSeconds }: Ward) {
  shell ??= startShell();
  shell.stdin?.write(`${verb} ${pid}:${stopSignal.replace('SIG', '')}:${Math.ceil(graceSeconds * 10)}\n`);
}

function startShell(): ChildProcess {
  // A session of its own: the terminal's Ctrl-C is for us, not for it.
  const started = spawn('/bin/sh', ['-c', SCRIPT], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  const forget = () => {
    if (shell === started) shell = undefined;
  };
  started.on('error', forget).on('exit', forget);
  started.stdin?.on('error', forget);
  started.unref();
  // A pipe is a socket to Node: without this, an idle guardian would keep a finished process running.
  (started.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return started;
}
