import { describe, expect, test } from 'vitest';
import { cuttingRoom } from '../../../../../test/support/cutting-room.ts';
import { expectSameFilm } from '../../../../../test/support/same-film.ts';
import { FILMS } from '../../../../../test/support/segment-films.ts';

const room = await cuttingRoom();

test.each(FILMS)('cut and joined again it is the same: $name', async (film) => {
  const was = await room.film(film);
  const cut = await room.cut(film.file, film.wish ?? 1);
  expect(cut.segments.length).toBe(film.parts);
  expect(cut.reencoded).toBe(film.again ?? false);
  const { path: is } = await room.through(cut);
  await expectSameFilm(room, { was, is, newSound: film.newSound ?? false, pixels: film.pixels });
});

describe('every sound track keeps its language and its name', () => {
  const english = ['-metadata:s:a:0', 'language=eng', '-metadata:s:a:0', 'handler_name=Stereo'];
  const german = ['-metadata:s:a:1', 'language=deu', '-metadata:s:a:1'];
  const second = ['-disposition:a:0', '0', '-disposition:a:1', 'default'];

  test.each([
    ['as the name of its handler', 'named.mp4', 'handler_name=Deutsch', 'aac'],
    ['as its title', 'named.mkv', 'title=Deutsch', 'aac'],
    ['encoded again', 'again.mkv', 'title=Deutsch', 'pcm_s16le'],
  ])('%s', async (_, file, name, codec) => {
    await room.film(FILMS[0]!);
    const twice = ['-i', 'plain.mp4', '-map', '0:v', '-map', '0:a', '-map', '0:a', '-c:v', 'copy', '-c:a', codec];
    await room.ff(...twice, ...english, ...german, name, ...second, file);
    const { path } = await room.through(await room.cut(file, 1));
    expect(await room.named(path)).toMatchObject([
      { language: 'eng', default: false },
      { language: 'deu', handler_name: 'Deutsch', default: true },
    ]);
  });
});

test('it says how far it is, higher every time: that is what keeps the watchdog quiet', async () => {
  await room.film(FILMS[0]!);
  room.told.length = 0;
  const cut = await room.cut('plain.mp4', 1);
  const cutting = room.told.splice(0);
  const made = await room.modelled(cut);
  room.told.length = 0;
  await room.join(made, cut);
  for (const told of [cutting, room.told]) {
    expect(told.length).toBeGreaterThan(20);
    expect(told.every((percent, i) => i === 0 || percent > told[i - 1]!)).toBe(true);
    expect(told.at(-1)).toBeGreaterThan(85);
  }
});

test('more segments than anybody would wait for are refused', async () => {
  await room.film(FILMS[0]!);
  await expect(room.cut('plain.mp4', 0.0001)).rejects.toMatchObject({ code: 'input_invalid' });
});
