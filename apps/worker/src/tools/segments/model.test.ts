import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { cuttingRoom } from '../../../../../test/support/cutting-room.ts';
import { stereoShift } from './models/stereo-shift.ts';

const room = await cuttingRoom();
const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=128x72:r=25:d=2'];
const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];

test('passthrough leaves a segment as it is, byte for byte', async () => {
  await room.ff(...picture, ...h264, 'plain.mp4');
  const segment = await room.put('plain.mp4');
  const made = await room.model(segment);
  expect(made).toMatchObject({ model: 'passthrough', frames: 50, seconds: 2, begins: 0 });
  const files = [segment, made.file].map((file) => room.bytes(file));
  const [was, is] = await Promise.all(files);
  expect(is!.equals(was!)).toBe(true);
});

test('an uploaded segment is looked at first', async () => {
  await expect(room.model('segments/x/nothing.mp4')).rejects.toMatchObject({ code: 'source_missing' });
  await writeFile(`${room.root}/junk.mp4`, 'this is no video');
  await expect(room.model(await room.upload('a/junk.mp4', 'junk.mp4'))).rejects.toMatchObject({
    code: 'media_unreadable',
  });
  await room.ff('-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac', 'sound.mp4');
  await expect(room.model(await room.upload('a/sound.mp4', 'sound.mp4'))).rejects.toMatchObject({
    code: 'media_no_video',
  });
});

test('a segment that begins in the middle of an open group loses what nobody can decode, and keeps its length', async () => {
  const open = ['-x264-params', 'open-gop=1:scenecut=0:keyint=20:min-keyint=20:bframes=3:b-adapt=0'];
  await room.ff(...picture, ...h264, ...open, 'open.mkv');
  await room.ff('-i', 'open.mkv', '-c', 'copy', '-f', 'segment', '-segment_time', '0.7', 'open-%d.mp4');
  const first = await room.model(await room.upload('a/0.mp4', 'open-0.mp4'), {}, stereoShift);
  const second = await room.model(await room.upload('a/1.mp4', 'open-1.mp4'), { index: 1 }, stereoShift);
  expect(second.begins).toBeGreaterThan(0);
  const { path } = await room.join([first, second]);
  const frames = await room.frames(path);
  const place = (k: number) => k / 25;
  expect(frames.slice(0, first.frames).map(({ at }) => at)).toEqual(
    Array.from({ length: first.frames }, (_, k) => place(k)),
  );
  expect(frames[first.frames]!.at).toBeCloseTo(first.seconds + second.begins, 4);
  expect(await room.pictureSeconds(path)).toBeCloseTo(first.seconds + second.seconds, 2);
});
