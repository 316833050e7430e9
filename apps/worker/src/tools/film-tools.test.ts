import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '@reverie/contracts';
import { ffprobe } from '@reverie/media';
import { beforeAll, describe, expect, test } from 'vitest';
import { filmStudio } from '../../../../test/support/film-studio.ts';

const { ffprobePath, root, place, tools, signal, look, put, stored, clip } = await filmStudio();
let clips: Artifact[];
beforeAll(async () => {
  clips = [await clip('the sea', 1), await clip('a forest', 2), await clip('a forest', 2)];
});

describe('pictures', () => {
  test('are the same for the same wish, and others for others', async () => {
    const [sea, forest, again] = await Promise.all(clips.map((clip) => readFile(stored(clip))));
    expect(forest!.equals(again!)).toBe(true);
    expect(forest!.equals(sea!)).toBe(false);
  });

  test('are not flat, and move', async () => {
    for (const clip of clips.slice(0, 2)) {
      const log = await look('-i', stored(clip), '-vf', 'signalstats,metadata=print', '-f', 'null', '-');
      const figure = (name: string) =>
        [...log.matchAll(new RegExp(`signalstats\\.${name}=([\\d.]+)`, 'g'))].map((m) => Number(m[1]));
      expect(Math.max(...figure('YMAX')) - Math.min(...figure('YMIN'))).toBeGreaterThan(120);
      expect(Math.max(...figure('YDIF'))).toBeGreaterThan(0.2);
    }
  });
});

describe('verify refuses', () => {
  const cases: [string, (bytes: Buffer) => Buffer][] = [
    ['a file without its end', (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.6))],
    ['a file with a hole in it', (bytes) => Buffer.concat([bytes.subarray(0, -30_000), Buffer.alloc(30_000)])],
    ['what is no media', () => Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')],
  ];
  test.each(cases)('%s', async (name, spoil) => {
    const bytes = spoil(await readFile(stored(clips[0]!)));
    const file = `${name.replaceAll(' ', '-')}.mp4`;
    await writeFile(join(root, file), bytes);
    const bad = await put(file, 'video/mp4');
    await expect(tools.media.verify(bad, { duration: 6, streams: ['video'] }, signal)).rejects.toMatchObject({
      code: 'output_rejected',
    });
  });

  test.each([
    ['the wrong length', { duration: 9, streams: ['video' as const] }],
    ['a missing stream', { duration: 6, streams: ['video' as const, 'audio' as const] }],
  ])('%s', async (_, expected) => {
    await expect(tools.media.verify(clips[0]!, expected, signal)).rejects.toMatchObject({ code: 'output_rejected' });
  });
});

test('a playlist that calls itself a film opens nothing', async () => {
  await writeFile(join(place.path, 'evil'), `ffconcat version 1.0\nfile ${stored(clips[0]!)}\n`);
  await expect(ffprobe('evil', { ffprobePath, cwd: place.path, signal })).rejects.toMatchObject({
    code: 'ffmpeg_failed',
  });
});

test('files are copied in the store', async () => {
  expect(await tools.files.copy(clips[0]!, 'copied.mp4')).toEqual({ ...clips[0]!, key: 'copied.mp4' });
});
