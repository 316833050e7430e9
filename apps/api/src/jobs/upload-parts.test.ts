import { expect, test } from 'vitest';
import { allParts, bytesOfPart, MOST_PARTS, missingParts, partBytesFor, partCount } from './upload-parts.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

test.each([
  [1, undefined, 8 * MiB, 1],
  [8 * MiB, undefined, 8 * MiB, 1],
  [8 * MiB + 1, undefined, 8 * MiB, 2],
  [20 * GiB, undefined, 8 * MiB, 2_560],
  [100 * GiB, undefined, 11 * MiB, 9_310],
  [5 * 1024 * GiB, undefined, 525 * MiB, 9_987],
  [12 * MiB, 5 * MiB, 5 * MiB, 3],
  [10, 1024 * MiB, 1024 * MiB, 1],
  [MOST_PARTS * 5 * MiB, 5 * MiB, 5 * MiB, MOST_PARTS],
])('a file of %i bytes, parts of %s wished, has parts of %i: %i of them', (bytes, wanted, partBytes, count) => {
  expect(partBytesFor(bytes, wanted)).toBe(partBytes);
  expect(partCount({ bytes, partBytes })).toBe(count);
  expect(bytesOfPart({ bytes, partBytes }, count) + (count - 1) * partBytes).toBe(bytes);
});

test('parts that would be too many are refused', () => {
  expect(() => partBytesFor(MOST_PARTS * 5 * MiB + 1, 5 * MiB)).toThrow(`parts of ${6 * MiB} bytes or more`);
});

test('a part of another length is missing', () => {
  const file = { bytes: 12, partBytes: 5 };
  expect(allParts(file).map(({ bytes }) => bytes)).toEqual([5, 5, 2]);
  const received = [
    { number: 1, bytes: 5 },
    { number: 2, bytes: 4 },
    { number: 4, bytes: 5 },
  ];
  expect(missingParts(file, received)).toEqual([2, 3]);
});
