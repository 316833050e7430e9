import { expect, test } from 'vitest';
import { cutFinder } from './cuts.ts';
import { eachThumbnail, THUMBNAIL, THUMBNAIL_BYTES } from './thumbnail.ts';

const LUMA = THUMBNAIL.width * THUMBNAIL.height;

/** A wide picture with stripes and spots, the same for the same seed, looked at through a window that can be moved. */
const scene =
  (seed: number) =>
  (shift = 0): Uint8Array =>
    Uint8Array.from({ length: THUMBNAIL_BYTES }, (_, i) => {
      const x = (i % THUMBNAIL.width) + shift;
      const y = Math.floor(i / THUMBNAIL.width);
      return 128 + 60 * Math.sin(x * 0.35 + seed * 1.7) + 50 * Math.cos(y * 0.5 * (1 + (seed % 3)) + seed * 2.9);
    });
const [a, b, c] = [scene(1), scene(2), scene(3)];
const flat = (value: number) => new Uint8Array(THUMBNAIL_BYTES).fill(value);
const times = (count: number, frame: (i: number) => Uint8Array) => Array.from({ length: count }, (_, i) => frame(i));
const still = (count: number, picture: () => Uint8Array) => times(count, () => picture());
const mixed = (from: Uint8Array, to: Uint8Array, share: number) =>
  from.map((value, i) => Math.round(value * (1 - share) + to[i]! * share));

let state = 1;
const random = () => {
  state = (state * 48_271) % 2_147_483_647;
  return state / 2_147_483_647;
};
const grainy = (picture: Uint8Array, most: number) =>
  Uint8Array.from(picture, (value) => Math.max(0, Math.min(255, value + (random() - 0.5) * 2 * most)));

/** In frames. */
function cutsIn(frames: Uint8Array[], fps = 30): number[] {
  const finder = cutFinder(fps);
  for (const frame of frames) finder.see(frame);
  return finder.finish().map((cut) => Math.round(cut * fps));
}

test.each<[string, Uint8Array[], number[]]>([
  ['two shots', [...still(40, a), ...still(40, b)], [40]],
  ['a cut near the end', [...still(40, a), ...still(3, b)], [40]],
  ['a cut in heavy grain', times(80, (i) => grainy(i < 40 ? a() : b(), 40)), [40]],
  ['a cut in the middle of a pan', times(80, (i) => (i < 40 ? a(i) : b(i))), [40]],
  ['a blended frame between two shots', [...still(40, a), mixed(a(), b(), 0.5), ...still(40, b)], [40]],
  ['a cut to black', [...still(40, a), ...still(40, () => flat(16))], [40]],
  ['colours alone changing', times(80, (i) => flat(100).fill(i < 40 ? 90 : 160, LUMA)), [40]],
  ['an insert of five frames between two shots', [...still(40, a), ...still(5, b), ...still(40, c)], [40]],
])('%s: found', (_, frames, cuts) => expect(cutsIn(frames)).toEqual(cuts));

test.each<[string, Uint8Array[]]>([
  ['nothing', []],
  ['a single frame', [a()]],
  ['a still', still(100, a)],
  ['grain', times(100, () => grainy(a(), 60))],
  ['nothing but noise', times(100, () => grainy(flat(128), 128))],
  ['a slow pan', times(100, (i) => a(i * 0.2))],
  ['a pan that begins and ends at once', times(120, (i) => a(Math.max(0, Math.min(40, i - 40))))],
  ['a dissolve', [...still(40, a), ...times(24, (i) => mixed(a(), b(), i / 24)), ...still(40, b)]],
  [
    'a fade to black and back',
    [...still(30, a), ...times(40, (i) => mixed(a(), flat(16), 1 - Math.abs(i - 20) / 20)), ...still(30, a)].map(
      (f) => f,
    ),
  ],
  ['a flash of one frame', [...still(40, a), flat(250), ...still(40, a)]],
  ['a flash that goes slowly', [...still(40, a), ...times(9, (i) => mixed(flat(250), a(), i / 9)), ...still(40, a)]],
  ['lightning', times(118, (i) => (i % 17 < 2 ? flat(240) : a()))],
  ['a film of every third frame', times(120, (i) => a(Math.floor(i / 3) * 4))],
])('%s: no cut', (_, frames) => expect(cutsIn(frames)).toEqual([]));

test('a slideshow of one picture a second is cut where the picture changes', () => {
  expect(cutsIn([a(), a(), b(), b(), b(), c(), a()], 1)).toEqual([2, 5, 6]);
});

test('thumbnails are put together of whatever chunks they come in', () => {
  const film = [a(), b(), c()];
  const bytes = Buffer.concat(film);
  for (const size of [1, 100, THUMBNAIL_BYTES, 2_000, bytes.length]) {
    const seen: Uint8Array[] = [];
    const take = eachThumbnail((thumbnail) => seen.push(thumbnail));
    for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size));
    expect(seen).toEqual(film);
  }
});
