import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

let setpriv: string | undefined | null;

/**
 * On Linux, has the kernel kill the command when this process is gone, however it went:
 * an ffmpeg nobody waits for would go on for hours beside the one that replaces it.
 */
export function dyingWithUs(command: string, args: readonly string[]): [string, string[]] {
  setpriv ??= (process.platform === 'linux' && onPath('setpriv')) || null;
  return setpriv ? [setpriv, ['--pdeathsig', 'KILL', '--', command, ...args]] : [command, [...args]];
}

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
