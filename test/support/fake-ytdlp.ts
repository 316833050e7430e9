import { chmod, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./fake-ytdlp-program.ts', import.meta.url));

/** Puts a command at `path` that is taken for yt-dlp and brings `film`. */
export async function fakeYtdlp(path: string, { film }: { film: string }): Promise<string> {
  await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' '${program}' '${film}' "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
