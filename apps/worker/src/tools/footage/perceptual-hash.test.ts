import { expect, test } from 'vitest';
import { distance, HASHED_SIDE, lookOf, looksLike, perceptualHash } from './perceptual-hash.ts';

const picture = (at: (x: number, y: number) => number) =>
  Uint8Array.from({ length: HASHED_SIDE ** 2 }, (_, i) => at(i % HASHED_SIDE, Math.floor(i / HASHED_SIDE)));
const hill = (x: number, y: number) => 120 + 60 * Math.sin(x / 5 + y / 9) + 50 * Math.cos(y / 4 - x / 11);
const look = lookOf(picture(hill));
const { hash } = look;

test('a hash is 64 bits as 16 digits, the same for the same picture, about half of them set', () => {
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(perceptualHash(picture(hill))).toBe(hash);
  expect(Math.abs(distance(hash, '0000000000000000') - 32)).toBeLessThanOrEqual(8);
});

test.each<[string, (x: number, y: number) => number]>([
  ['brighter', (x, y) => hill(x, y) + 15],
  ['with less contrast', (x, y) => 60 + hill(x, y) / 2],
  ['with grain', (x, y) => hill(x, y) + ((x * 7919 + y * 104_729) % 7) - 3],
])('a picture that is %s still looks like it', (_, at) => expect(looksLike(lookOf(picture(at)), look)).toBe(true));

test.each<[string, (x: number, y: number) => number]>([
  ['mirrored', (x, y) => hill(31 - x, y)],
  ['inverted', (x, y) => 255 - hill(x, y)],
  ['another', (x, y) => 120 + 100 * Math.sin(x / 2) * Math.cos(y / 3)],
])('one that is %s does not', (_, at) => expect(looksLike(lookOf(picture(at)), look)).toBe(false));

test('plain pictures have one hash, and are told apart by how bright they are', () => {
  const plain = [0, 1, 16, 77, 128, 254, 255].map((grey) => lookOf(picture(() => grey)));
  expect(new Set(plain.map(({ hash }) => hash)).size).toBe(1);
  expect(looksLike(plain[0]!, plain[2]!)).toBe(true);
  expect(looksLike(plain[2]!, plain[3]!)).toBe(false);
});

test('distance counts bits; up to six are alike', () => {
  expect(distance('ffffffffffffffff', '0000000000000000')).toBe(64);
  const none = { hash: '0000000000000000', brightness: 0 };
  expect(looksLike({ hash: '000000000000003f', brightness: 0 }, none)).toBe(true);
  expect(looksLike({ hash: '000000000000007f', brightness: 0 }, none)).toBe(false);
});
