import { chmodSync, copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isProgram } from './find-on-path.ts';

const { resolve } = createRequire(import.meta.url);
const platform = `${process.platform}-${process.arch}`;

const PACKAGES = {
  ffmpeg: [`@ffmpeg-binary/${platform}`, `@ffmpeg-installer/${platform}`],
  ffprobe: [`@ffprobe-installer/${platform}`],
};

/** The program as npm brought it for this platform, made executable: it may come as a mere file. */
export function npmProgram(name: keyof typeof PACKAGES, cacheDir: string): string | undefined {
  const root = PACKAGES[name].map(packageRoot).find((found) => found !== undefined);
  if (!root) return undefined;
  const program = join(root, name);
  return isProgram(program) ? program : madeExecutable(program, join(cacheDir, name));
}

function packageRoot(name: string): string | undefined {
  try {
    return dirname(resolve(`${name}/package.json`));
  } catch {
    return undefined; // not for this platform
  }
}

function madeExecutable(program: string, copy: string): string {
  try {
    chmodSync(program, 0o755);
    return program;
  } catch {
    if (isProgram(copy)) return copy;
  }
  const partial = `${copy}.${process.pid}`;
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(program, partial);
  chmodSync(partial, 0o755);
  renameSync(partial, copy);
  return copy;
}
