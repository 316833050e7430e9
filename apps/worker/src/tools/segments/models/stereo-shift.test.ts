import { expect, test } from 'vitest';
import { cuttingRoom } from '../../../../../../test/support/cutting-room.ts';
import { stereoShift } from './stereo-shift.ts';

const room = await cuttingRoom({ model: stereoShift });
const [WIDTH, HEIGHT] = [640, 360];
const h264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
const tagged = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'];

/** A white line from top to bottom, on dark grey. */
const LINE = `color=0x202020:s=${WIDTH}x${HEIGHT}:r=30:d=0.2,drawbox=x=318:w=4:h=${HEIGHT}:c=white:t=fill`;

/** Where the line is in a row of pixels, between two columns: the middle of its light. */
function lineIn(picture: Buffer, width: number, { row, from, to }: { row: number; from: number; to: number }): number {
  let [sum, light] = [0, 0];
  for (let x = from; x < to; x++) {
    const bright = Math.max(0, picture[3 * (row * width + x) + 1]! - 64);
    sum += bright * (x - from);
    light += bright;
  }
  return sum / light;
}

test('side by side: what is near the bottom comes out of the screen, what is near the top goes behind it', async () => {
  await room.ff('-f', 'lavfi', '-i', LINE, ...h264, 'line.mp4');
  const made = await room.model(await room.put('line.mp4'), { mode: 'sbs' });
  expect(made).toMatchObject({ model: 'stereo-shift', frames: 6, seconds: 0.2 });
  expect(await room.pictureSeconds(room.path(made.file))).toBeCloseTo(0.2, 4);
  const picture = await room.firstPicture(room.path(made.file));
  expect(picture.length).toBe(3 * 2 * WIDTH * HEIGHT);
  const parallax = (row: number) => {
    const left = lineIn(picture, 2 * WIDTH, { row, from: 0, to: WIDTH });
    return left - lineIn(picture, 2 * WIDTH, { row, from: WIDTH, to: 2 * WIDTH });
  };
  expect(parallax(2) / WIDTH).toBeCloseTo(-0.008, 2.5);
  expect(parallax(HEIGHT - 3) / WIDTH).toBeCloseTo(0.02, 2.5);
  expect(parallax(HEIGHT / 2) / WIDTH).toBeCloseTo(0.006, 2.5);
});

test('red-cyan: the left eye sees red, the right eye cyan, and what is grey stays grey', async () => {
  await room.ff('-f', 'lavfi', '-i', LINE, ...h264, ...tagged, 'line-709.mp4');
  const { file } = await room.model(await room.put('line-709.mp4'), { mode: 'anaglyph' });
  const picture = await room.firstPicture(room.path(file));
  expect(picture.length).toBe(3 * WIDTH * HEIGHT);
  const row = HEIGHT - 3;
  const pixel = (x: number) => [...picture.subarray(3 * (row * WIDTH + x), 3 * (row * WIDTH + x) + 3)];
  // Six pixels to the right of the middle is what the left eye has, six to the left what the right eye has.
  const [red, cyan, grey] = [pixel(320 + 6), pixel(320 - 6), pixel(100)];
  expect(red[0]! - red[2]!).toBeGreaterThan(60);
  expect(cyan[2]! - cyan[0]!).toBeGreaterThan(60);
  for (const value of grey) expect(Math.abs(value - 0x20)).toBeLessThan(6);
});

/** By the matrices of Dubois, which leave each eye as much as its glass lets through. */
const ANAGLYPH_OF_RED = [103, 94, 15];
/** One colour, as different makers of video write it. */
const MADE_BY = [
  { who: 'television', matrix: 'bt709', range: 'tv', pixels: 'yuv420p', said: tagged },
  {
    who: 'a camera, of the whole range',
    matrix: 'bt601',
    range: 'pc',
    pixels: 'yuvj420p',
    said: ['-color_range', 'pc'],
  },
  { who: 'somebody who says nothing', matrix: 'bt601', range: 'tv', pixels: 'yuv420p', said: [] },
];

test.each(MADE_BY)('colours by $who come out as they were', async ({ matrix, range, pixels, said }) => {
  const colour = ['-f', 'lavfi', '-i', `color=0xc03020:s=${WIDTH}x${HEIGHT}:r=25:d=0.2`];
  const to = `scale=out_color_matrix=${matrix}:out_range=${range},format=${pixels}`;
  await room.ff(...colour, '-vf', to, '-c:v', 'libx264', ...said, 'red.mp4');
  const middle = async (mode: 'sbs' | 'anaglyph', at: number) => {
    const { file } = await room.model(await room.put('red.mp4'), { mode });
    return [...(await room.firstPicture(room.path(file))).subarray(at, at + 3)];
  };
  const [sbs, anaglyph] = [await middle('sbs', 3 * HEIGHT * WIDTH), await middle('anaglyph', 3 * (HEIGHT / 2) * WIDTH)];
  for (const [i, value] of [0xc0, 0x30, 0x20].entries()) expect(Math.abs(sbs[i]! - value)).toBeLessThan(6);
  for (const [i, value] of ANAGLYPH_OF_RED.entries()) expect(Math.abs(anaglyph[i]! - value)).toBeLessThan(8);
});

test('frames of an unsteady rate keep their times, and their segments are joined without another encode', async () => {
  // One second of 30 frames, one of 15, and one of 10; VP9 itself knows nothing of rates.
  const unsteady = ['-vf', "select='not(mod(n,1+floor(t)))'", '-fps_mode', 'passthrough', '-enc_time_base', '1/90000'];
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=512x288:r=30:d=3', ...unsteady];
  const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-force_key_frames', '1,2'];
  await room.ff(...picture, ...vp9, 'unsteady.mp4');
  const was = await room.frames(`${room.root}/unsteady.mp4`);
  const cut = await room.cut('unsteady.mp4', 1);
  expect(cut.segments.length).toBe(3);
  const made = await room.modelled(cut);
  const { path } = await room.join(made);
  const is = await room.frames(path);
  expect(is.map(({ at }) => at)).toEqual(was.map(({ at }) => at));
  const parts = await Promise.all(made.map(({ file }) => room.frames(room.path(file))));
  expect(is.map(({ hash }) => hash)).toEqual(parts.flat().map(({ hash }) => hash));
});
