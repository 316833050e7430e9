import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ffmpegForTests } from '../../../test/support/ffmpeg.ts';
import { needFfmpeg, versionIn } from './ffmpeg-version.ts';

test.each([
  ['ffmpeg version 7.0-static https://johnvansickle.com/ffmpeg/', 700],
  ['ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026', 501],
  ['ffmpeg version n4.4.2 Copyright', 404],
  ['ffmpeg version N-113007-g8d24a28d06 Copyright', undefined],
  ['something else', undefined],
])('%s is %s', (line, version) => expect(versionIn(line)).toBe(version));

test('an old one is refused with what to do; one that is new enough is not', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'old-ffmpeg-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const old = join(dir, 'ffmpeg');
  await writeFile(old, '#!/bin/sh\necho "ffmpeg version 4.1.5 Copyright"\n');
  await chmod(old, 0o755);
  const need = { least: 501, what: 'segments need' };
  await expect(needFfmpeg(old, need)).rejects.toMatchObject({
    code: 'tool_missing',
    message: `segments need ffmpeg 5.1 or newer, and ${old} is 4.1: set FFMPEG_PATH and FFPROBE_PATH`,
  });
  await needFfmpeg((await ffmpegForTests()).ffmpegPath, need);
});
