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
