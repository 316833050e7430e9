import { expect, test } from 'vitest';
import { avcCodec } from './codecs.ts';

test.each([
  ['after a delimiter', [0, 0, 0, 1, 9, 0xf0, 0, 0, 0, 1, 0x67, 0x64, 0x00, 0x1f, 0xac], 'avc1.64001f'],
  ['at once, of another importance', [0, 0, 1, 0x27, 0x42, 0xe0, 0x1e], 'avc1.42e01e'],
  ['nowhere', [0, 0, 1, 0x65, 1, 2, 3], 'avc1.640028'],
  ['in nothing', [], 'avc1.640028'],
])('profile and level are %s', (_where, bytes, codec) => expect(avcCodec(Buffer.from(bytes))).toBe(codec));
