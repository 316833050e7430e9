import { expect, test } from 'vitest';
import { beeps } from '../../../../../test/support/beeps.ts';
import { cuttingRoom } from '../../../../../test/support/cutting-room.ts';
import type { OpenModel } from './models/model.ts';

const room = await cuttingRoom();

/** Flash and beep together twice a second, never at a joint; the beep rises, so that none is like another. */
const FLASHES = "color=black:s=128x72:r=30000/1001:d=6,drawbox=c=white:t=fill:enable='between(mod(t,0.5),0.2,0.25)'";
const BEEPS = 'aevalsrc=0.6*sin(2*PI*t*(600+100*t))*between(mod(t\\,0.5)\\,0.2\\,0.3):s=44100:d=6';
const picture = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '15', '-sc_threshold', '0', '-pix_fmt', 'yuv420p'];
await room.ff('-f', 'lavfi', '-i', FLASHES, '-f', 'lavfi', '-i', BEEPS, ...picture, '-c:a', 'aac', 'whole.mp4');
/** Thirty frames, as somebody else would cut them. */
const SECONDS = (30 * 1001) / 30_000;
const COUNT = 5;

const apart = (found: number[], wanted: number[]) => Math.max(...found.map((at, i) => Math.abs(at - wanted[i]!)));

async function joined(files: string[]) {
  const made = [];
  for (const [index, file] of files.entries()) {
    made.push(await room.model(await room.upload(`segments/x/${file}`, file), { index }));
  }
  return room.join(made);
}

const whole = (await room.heard(`${room.root}/whole.mp4`))[0]!;
const expected = beeps(whole).filter((at) => at < COUNT * SECONDS);

test('segments that were encoded each for itself: a beep stays with its flash across every joint', async () => {
  const files = [];
  for (let k = 0; k < COUNT; k++) {
    const cut = ['-ss', `${k * SECONDS}`, '-i', 'whole.mp4', '-frames:v', '30', '-t', `${SECONDS}`];
    await room.ff(...cut, ...picture, '-c:a', 'aac', `apart-${k}.mp4`);
    files.push(`apart-${k}.mp4`);
  }
  const { path, facts } = await joined(files);
  expect(Math.abs(facts.duration - COUNT * SECONDS)).toBeLessThan(0.001);
  const [track] = await room.heard(path);
  const found = beeps(track!);
  expect(found.length).toBe(expected.length);
  expect(apart(found, expected)).toBeLessThan(0.001);
});

test('segments that were cut between packets: the sound goes on as if nobody had cut it', async () => {
  const segment = ['-f', 'segment', '-segment_time', '1', '-reset_timestamps', '1'];
  await room.ff('-i', 'whole.mp4', '-c', 'copy', ...segment, 'copied-%d.mp4');
  const { path } = await joined(Array.from({ length: COUNT }, (_, k) => `copied-${k}.mp4`));
  const [track] = await room.heard(path);
  const found = beeps(track!);
  expect(apart(found, expected)).toBeLessThan(0.001);
  // Nothing is missing at the joints: one more generation of AAC is all that has become of it.
  const shift = Math.round((expected[0]! - found[0]!) * whole.rate);
  let [off, loud] = [0, 0];
  for (let i = 2_000; i < COUNT * SECONDS * whole.rate - 2_000; i++) {
    off += Math.abs(whole.samples[i + shift]! - track!.samples[i]!);
    loud += Math.abs(whole.samples[i + shift]!);
  }
  expect(off / loud).toBeLessThan(0.2);
});

test('a segment without sound is silent, and those after it are where they belong', async () => {
  await room.ff('-i', 'copied-1.mp4', '-an', '-c', 'copy', 'mute.mp4');
  const { path } = await joined(['copied-0.mp4', 'mute.mp4', 'copied-2.mp4']);
  const found = beeps((await room.heard(path))[0]!);
  const silent = (at: number) => at > SECONDS && at < 2 * SECONDS;
  const left = expected.filter((at) => at < 3 * SECONDS && !silent(at));
  expect(found.length).toBe(left.length);
  expect(apart(found, left)).toBeLessThan(0.001);
});

test('a hole in the sound of a segment is silence, and moves nothing', async () => {
  await room.ff('-i', 'copied-1.mp4', '-c', 'copy', '-bsf:a', 'noise=drop=between(n\\,8\\,9)', 'holed.mp4');
  const { path } = await joined(['copied-0.mp4', 'holed.mp4', 'copied-2.mp4']);
  const found = beeps((await room.heard(path))[0]!);
  expect(apart(found, expected)).toBeLessThan(0.001);
});

test('segments that differ in size and codec become one film', async () => {
  await room.ff('-i', 'copied-1.mp4', '-vf', 'scale=256:144', '-c:v', 'mpeg4', '-c:a', 'copy', 'other.mp4');
  const { path, facts } = await joined(['copied-0.mp4', 'other.mp4', 'copied-2.mp4']);
  expect(facts.video).toMatchObject({ codec: 'h264', width: 128, height: 72 });
  const frames = await room.frames(path);
  expect(frames.length).toBe(90);
  const times = frames.map(({ at }) => at);
  expect(
    apart(
      times,
      times.map((_, i) => (i * 1001) / 30_000),
    ),
  ).toBeLessThan(0.0001);
});

const GERMAN = { language: 'deu', handler_name: 'Deutsch' };

test('tracks keep their language and their name, from the first segment that has them', async () => {
  const twice = ['-map', '0:v', '-map', '0:a', '-map', '0:a', '-c', 'copy'];
  const english = ['-metadata:s:a:0', 'language=eng'];
  const german = ['-metadata:s:a:1', 'language=deu', '-metadata:s:a:1', 'title=Deutsch'];
  await room.ff('-i', 'copied-0.mp4', '-map', '0', '-c', 'copy', ...english, 'english.mkv');
  await room.ff('-i', 'copied-1.mp4', ...twice, ...english, ...german, 'both.mkv');
  await room.ff('-i', 'both.mkv', '-map', '0', '-c:a', 'copy', '-c:v', 'mpeg4', 'other-picture.mkv');
  for (const other of ['both.mkv', 'other-picture.mkv']) {
    const { path } = await joined(['english.mkv', other]);
    expect(await room.named(path)).toMatchObject([{ language: 'eng' }, GERMAN]);
  }
});

test('the sound of a segment that is put to a silent answer keeps its language and its name', async () => {
  const german = ['-metadata:s:a:0', 'language=deu', '-metadata:s:a:0', 'title=Deutsch'];
  await room.ff('-i', 'copied-0.mp4', '-map', '0', '-c', 'copy', ...german, 'german.mkv');
  const mute: OpenModel = {
    name: 'mute',
    async run({ name }, { path }) {
      await room.ff('-i', `${path}/${name}`, '-an', '-c', 'copy', '-f', 'mp4', `${path}/mute`);
      return 'mute';
    },
  };
  const { file } = await room.model(await room.upload('segments/x/german.mkv', 'german.mkv'), {}, mute);
  expect(await room.named(room.path(file))).toMatchObject([GERMAN]);
});
