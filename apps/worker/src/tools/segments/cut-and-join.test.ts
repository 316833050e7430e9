import { expect, test } from 'vitest';
import { cuttingRoom } from '../../../../../test/support/cutting-room.ts';

const room = await cuttingRoom();

const PICTURE = 'testsrc2=s=160x90:r=25:d=6.04';
const SOUND = 'sine=f=440:r=44100:d=6.1';

test('first', async () => {
  await room.ff(
    '-f',
    'lavfi',
    '-i',
    PICTURE,
    '-f',
    'lavfi',
    '-i',
    SOUND,
    '-c:v',
    'libx264',
    '-g',
    '25',
    '-c:a',
    'aac',
    'a.mp4',
  );
  const cut = await room.cut('a.mp4', 2);
  console.log(JSON.stringify(cut));
  const { path, facts } = await room.through(cut).catch((e) => {
    console.log(e.trace);
    throw e;
  });
  console.log(path, facts, await room.times(path), await room.times(`${room.root}/a.mp4`));
  expect(await room.frames(path)).toEqual(await room.frames(`${room.root}/a.mp4`));
  expect(await room.heard(path)).toEqual(await room.heard(`${room.root}/a.mp4`));
});
