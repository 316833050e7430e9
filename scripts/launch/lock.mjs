import { lstatSync, mkdirSync, readlinkSync, rmdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const STALE_AFTER_MS = 15 * 60_000;

/** Waits until no other process holds `<dir>/<name>.lock`. A lock is a symlink to a pid: made whole or not at all. */
export async function lock(dir, name) {
  const file = join(dir, `${name}.lock`);
  mkdirSync(dir, { recursive: true });
  for (let told = false; !made(file); await sleep(200)) {
    if (isStale(file)) attempt(() => unlinkSync(file));
    else if (!told) told = process.stderr.write(`Waiting for another launch to finish its ${name} …\n`) || true;
  }
  return () => {
    unlinkSync(file);
    attempt(() => rmdirSync(dir)); // stays when there is anything else in it
  };
}

function made(file) {
  try {
    symlinkSync(String(process.pid), file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    if (error.code === 'ENOENT')
      mkdirSync(join(file, '..'), { recursive: true }); // its holder took the folder away
    else throw error;
    return false;
  }
}

function isStale(file) {
  try {
    const pid = Number(readlinkSync(file));
    if (Date.now() - lstatSync(file).mtimeMs > STALE_AFTER_MS) return true;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function attempt(action) {
  try {
    action();
  } catch {
    // somebody else did
  }
}
