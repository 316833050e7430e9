import { spawnSync } from 'node:child_process';

export interface User {
  uid: number;
  gid: number;
}

/** Postgres refuses to run as root: then it runs as nobody. Undefined when we are an ordinary user anyway. */
export const unprivileged: User | undefined = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;

/** Whether that user gets at it; a clone under /root, for one, is closed to nobody. */
export const canRead = (path: string, user: User): boolean =>
  spawnSync('/bin/sh', ['-c', '[ -r "$0" ] && [ -x "$0" ]', path], user).status === 0;
