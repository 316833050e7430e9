import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { findFfmpeg } from './ffmpeg.ts';

const run = promisify(execFile);
const dir = mkdtempSync(join(tmpdir(), 'reverie-ffmpeg-'));
afterAll(() => rmSync(dir, { recursive: true }));

const find = (env: NodeJS.ProcessEnv) => findFfmpeg({ env, cacheDir: dir });

/** An ffmpeg that claims these filters. */
function pretended(name: string, filters: string[]) {
  const lines = [...filters, 'libx264', 'aac'].map((known) => ` ... ${known} V->V   Says so`);
  writeFileSync(join(dir, name), `#!/bin/sh\ncat <<END\n${lines.join('\n')}\nEND\n`);
  chmodSync(join(dir, name), 0o755);
  return join(dir, name);
}

test('finds an ffmpeg that encodes a frame, and an ffprobe that reads it', async () => {
  const { ffmpeg, ffprobe } = await find(process.env);
  const film = join(dir, 'film.mp4');
  const source = ['-f', 'lavfi', '-i', 'color=navy:s=64x36:d=0.04'];
  await run(ffmpeg, ['-v', 'error', ...source, '-frames:v', '1', '-c:v', 'libx264', film]);
  const { stdout } = await run(ffprobe, [
    '-v',
    'error',
    '-show_entries',
    'stream=codec_name,width',
    '-of',
    'csv',
    film,
  ]);
  expect(stdout.trim()).toBe('stream,h264,64');
});

test('prefers FFMPEG_PATH, with the ffprobe named beside it', async () => {
  const ffmpeg = pretended('full', ['drawtext', 'subtitles', 'loudnorm', 'zoompan', 'xfade']);
  expect(await find({ FFMPEG_PATH: ffmpeg, FFPROBE_PATH: ffmpeg })).toEqual({
    ffmpeg,
    ffprobe: ffmpeg,
    why: 'from FFMPEG_PATH',
  });
});

test('passes over one that cannot do all, and says so', async () => {
  const ffmpeg = pretended('ffmpeg', ['loudnorm', 'zoompan', 'xfade']);
  const found = await find({ FFMPEG_PATH: join(dir, 'nothing'), PATH: dir });
  expect(found.why).toBe(
    `from npm; not from FFMPEG_PATH: ${join(dir, 'nothing')} does not run; ` +
      `not from PATH: ${ffmpeg} lacks drawtext, subtitles`,
  );
});
