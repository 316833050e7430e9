import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { beeps } from '../support/beeps.ts';
import { cuttingRoom } from '../support/cutting-room.ts';
import { expectSameFilm } from '../support/same-film.ts';
import { RARE_FILMS } from '../support/segment-films.ts';

const room = await cuttingRoom();

test.each(RARE_FILMS)('cut and joined again it is the same: $name', async (film) => {
  const was = await room.film(film);
  const cut = await room.cut(film.file, film.wish ?? 1);
  expect.soft(cut.segments.length).toBe(film.parts);
  expect.soft(cut.reencoded).toBe(film.again ?? false);
  const { path: is } = await room.through(cut);
  await expectSameFilm(room, { was, is, newSound: film.newSound ?? false, pixels: film.pixels });
});

test('150 segments: the last frame and the last beep are where they were', async () => {
  // 24 frames of 1001/24000 s: no segment is a whole number of milliseconds.
  const seconds = (150 * 24 * 1001) / 24_000;
  const film = {
    name: 'long',
    file: 'long.mp4',
    args: [
      ...['-f', 'lavfi', '-i', `testsrc2=s=64x36:r=24000/1001:d=${seconds}`],
      ...[
        '-f',
        'lavfi',
        '-i',
        `aevalsrc=0.6*sin(2*PI*t*(600+t))*between(mod(t\\,0.5)\\,0.2\\,0.3):s=44100:d=${seconds}`,
      ],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '24', '-bf', '2', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
    ],
    parts: 150,
    tracks: 1,
  };
  const was = await room.film(film);
  const cut = await room.cut(film.file, 1.001);
  expect(cut.segments.length).toBe(150);
  const { path: is } = await room.through(cut);
  await expectSameFilm(room, { was, is });
});

test('150 segments that bring their own sound: no beep has moved by a millisecond', async () => {
  const made = [];
  for (let k = 0; k < 150; k++) {
    // Each with encoders of its own: run-up and overhang at every joint.
    const stretch = ['-ss', `${k * 1.001}`, '-i', 'long.mp4', '-frames:v', '24', '-t', '1.001'];
    await room.ff(...stretch, '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-ar', '48000', `own-${k}.mp4`);
    made.push(await room.model(await room.upload(`segments/x/${k}.mp4`, `own-${k}.mp4`), { index: k }));
  }
  const { path } = await room.join(made);
  const [track] = await room.heard(path);
  const found = beeps(track!);
  const wanted = beeps((await room.heard(`${room.root}/long.mp4`))[0]!);
  expect(found.length).toBe(wanted.length);
  expect(Math.max(...found.map((at, i) => Math.abs(at - wanted[i]!)))).toBeLessThan(0.001);
});

test('a transport stream whose clock is set back in the middle: every frame is there, and the clock goes on', async () => {
  const [first, second] = [3, 4].map((seconds) => ({
    name: 'broadcast',
    file: `${seconds}.ts`,
    args: [
      ...['-f', 'lavfi', '-i', `testsrc2=s=128x72:r=25:d=${seconds}`, '-f', 'lavfi', '-i', `sine=d=${seconds}:r=48000`],
      ...['-c:v', 'libx264', '-g', '25', '-bf', '2', '-c:a', 'aac'],
    ],
    parts: 1,
    tracks: 1,
  }));
  const halves = [await room.film(first!), await room.film(second!)];
  await writeFile(`${room.root}/set-back.ts`, Buffer.concat(await Promise.all(halves.map((half) => readFile(half)))));
  const { path } = await room.through(await room.cut('set-back.ts', 2));
  const is = await room.frames(path);
  const was = [...(await room.frames(halves[0]!)), ...(await room.frames(halves[1]!))];
  expect(is.map(({ hash }) => hash)).toEqual(was.map(({ hash }) => hash));
  const steps = is.slice(1).map(({ at }, i) => at - is[i]!.at);
  expect(Math.min(...steps)).toBeGreaterThan(0.03);
  expect(Math.max(...steps)).toBeLessThan(0.09);
});
