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

test('refuses to sign for keys no store takes, and without a secret', () => {
  expect(() => links.sign('GET', '../a', 60)).toThrow('is refused');
  expect(() => linkSigner({ secret: '', baseUrl: 'https://reverie.example' })).toThrow('secret');
});
