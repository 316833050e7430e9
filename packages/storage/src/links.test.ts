import { afterEach, expect, test, vi } from 'vitest';
import { linkSigner } from './links.ts';

const links = linkSigner({ secret: 'a secret', baseUrl: 'https://reverie.example/' });
const queryOf = (url: string) =>
  Object.fromEntries(new URL(url).searchParams) as { expires: string; signature: string };

afterEach(() => vi.useRealTimers());

test('a link spells the key as a path', () => {
  const url = links.sign('GET', 'dreams/a b+%?#/夢.mp4', 60);
  expect(url).toMatch(
    /^https:\/\/reverie\.example\/artifacts\/dreams\/a%20b%2B%25%3F%23\/%E5%A4%A2\.mp4\?expires=\d+&signature=/,
  );
  expect(links.verify('GET', 'dreams/a b+%?#/夢.mp4', queryOf(url))).toBe(true);
});

test.each([
  ['GET', 'GET', true],
  ['GET', 'HEAD', true],
  ['GET', 'PUT', false],
  ['GET', 'DELETE', false],
  ['PUT', 'PUT', true],
  ['PUT', 'GET', false],
  ['PUT', 'HEAD', false],
] as const)('a link for %s asked with %s: %s', (signed, asked, allowed) => {
  expect(links.verify(asked, 'a.txt', queryOf(links.sign(signed, 'a.txt', 60)))).toBe(allowed);
});

test('a link ends when it said', () => {
  vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') });
  const query = queryOf(links.sign('GET', 'a.txt', 60));
  vi.setSystemTime(new Date('2026-01-01T00:00:59Z'));
  expect(links.verify('GET', 'a.txt', query)).toBe(true);
  vi.setSystemTime(new Date('2026-01-01T00:01:00Z'));
  expect(links.verify('GET', 'a.txt', query)).toBe(false);
});

test('nothing about a link can be changed', () => {
  const query = queryOf(links.sign('GET', 'a.txt', 60));
  const { expires, signature } = query;
  const refused: [string, Parameters<typeof links.verify>[2]][] = [
    ['b.txt', query],
    ['a.txt', { ...query, expires: String(Number(expires) + 1) }],
    ['a.txt', { ...query, expires: `0${expires}` }],
    ['a.txt', { ...query, signature: (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1) }],
    ['a.txt', { ...query, signature: '' }],
    ['a.txt', { ...query, signature: [signature] }],
    ['a.txt', { expires }],
    ['a.txt', { signature }],
    ['a.txt', {}],
  ];
  for (const [key, tampered] of refused) expect(links.verify('GET', key, tampered)).toBe(false);
  const other = linkSigner({ secret: 'another', baseUrl: 'https://reverie.example' });
  expect(other.verify('GET', 'a.txt', query)).toBe(false);
});

test('a link to a part says which, and nothing about it can be changed', () => {
  const part = { key: 'uploads/a/file', token: '0123456789abcdef', number: 3, bytes: 5_242_880 };
  const query = queryOf(links.signPart(part, 60)) as Record<string, string>;
  expect(links.verifyPart(part.key, query)).toEqual(part);
  expect(links.verifyPart('uploads/b/file', query)).toBeUndefined();
  for (const change of [
    { upload: 'f'.repeat(16) },
    { part: '4' },
    { part: '03' },
    { bytes: '5242881' },
    { bytes: ['5242880'] },
  ])
    expect(links.verifyPart(part.key, { ...query, ...change }), JSON.stringify(change)).toBeUndefined();
  expect(links.verifyPart(part.key, queryOf(links.signPart(part, -1)))).toBeUndefined();
  // Neither kind of link opens what the other does.
  const spelt = `${part.key}\n${part.token}\n${part.number}\n${part.bytes}`;
  for (const method of ['PUT', 'GET', 'part']) {
    expect(links.verify(method, part.key, query)).toBe(false);
    if (method !== 'part') expect(links.verify(method, spelt, query)).toBe(false);
  }
  expect(links.verifyPart(part.key, { ...query, ...queryOf(links.sign('PUT', part.key, 60)) })).toBeUndefined();
});

test('refuses to sign for keys no store takes, and without a secret', () => {
  expect(() => links.sign('GET', '../a', 60)).toThrow('is refused');
  expect(() => linkSigner({ secret: '', baseUrl: 'https://reverie.example' })).toThrow('secret');
});
