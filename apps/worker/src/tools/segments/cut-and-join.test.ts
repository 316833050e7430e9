import { expect, test } from 'vitest';
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
