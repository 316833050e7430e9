import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { outcomeOf, retryAfterSeconds, TRIES, waitSeconds } from './callback-schedule.ts';

const HOUR = 3_600;
const PLANNED = [5, 300, 1_800, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR, 24 * HOUR];
const waits = (id: string) => PLANNED.map((_, place) => waitSeconds(id, place + 1)!);
const sum = (list: number[]) => list.reduce((total, n) => total + n, 0);

describe('the schedule of a callback', () => {
  test('eleven tries, each wait within a tenth of its plan, the whole never under 99 hours', () => {
    expect(TRIES).toBe(11);
    expect(waitSeconds(randomUUID(), 11)).toBeUndefined();
    const edges = ['00000000', '80000000', 'ffffffff'].map((start) => start + randomUUID().slice(8));
    for (const id of [...edges, ...Array.from({ length: 1_000 }, () => randomUUID())]) {
      waits(id).forEach((wait, place) => {
        expect(Math.abs(wait / PLANNED[place]! - 1)).toBeLessThanOrEqual(0.1 + 1e-9);
      });
      expect(sum(waits(id))).toBeGreaterThan(99 * HOUR);
      expect(sum(waits(id))).toBeLessThan(100 * HOUR);
    }
  });

  test('what failed together does not come back together', () => {
    const firstWaits = Array.from({ length: 1_000 }, () => waitSeconds(randomUUID(), 5)! / PLANNED[4]!);
    const within = (low: number, high: number) => firstWaits.filter((wait) => wait >= low && wait < high).length;
    for (const low of [0.9, 0.95, 1, 1.05]) expect(within(low, low + 0.05)).toBeGreaterThan(150);
  });
});

describe('what an answer means', () => {
  const delivery = { id: '80000000-0000-4000-8000-000000000000', type: 'job.completed', tries: 0 };
  const said = (httpStatus: number | null, more: object = {}) => ({ httpStatus, error: null, ms: 1, ...more });
  const after = (seconds: number) => ({ next: 'again', afterSeconds: expect.closeTo(seconds, 0) });
  test.each<[string, Parameters<typeof outcomeOf>, unknown]>([
    ['200', [delivery, said(200)], { next: 'delivered' }],
    ['204', [delivery, said(204)], { next: 'delivered' }],
    ['200, and then a body without end', [delivery, said(200, { error: 'No complete answer' })], after(5)],
    ['301', [delivery, said(301)], after(5)],
    ['304', [delivery, said(304)], after(5)],
    ['400', [delivery, said(400)], after(5)],
    ['500', [delivery, said(500)], after(5)],
    ['nothing', [delivery, said(null, { error: 'ECONNREFUSED' })], after(5)],
    ['410', [delivery, said(410)], { next: 'give up' }],
    ['500 to a ping', [{ ...delivery, type: 'endpoint.ping' }, said(500)], { next: 'give up' }],
    ['500 at the tenth', [{ ...delivery, tries: 9 }, said(500)], after(24 * HOUR)],
    ['500 at the eleventh', [{ ...delivery, tries: 10 }, said(500)], { next: 'give up' }],
    ['429 with patience asked for', [delivery, said(429, { retryAfterSeconds: 120 })], after(120)],
    [
      '503 with less than is planned',
      [{ ...delivery, tries: 4 }, said(503, { retryAfterSeconds: 60 })],
      after(5 * HOUR),
    ],
    ['503 with a year', [delivery, said(503, { retryAfterSeconds: 31_536_000 })], after(24 * HOUR)],
    ['500 with patience asked for', [delivery, said(500, { retryAfterSeconds: 120 })], after(5)],
  ])('%s', (_name, [to, what], expected) => expect(outcomeOf(to, what)).toEqual(expected));

  test.each([
    ['120', undefined, 120],
    ['Sat, 21 Nov 2026 10:02:00 GMT', 'Sat, 21 Nov 2026 10:00:00 GMT', 120],
    ['Sat, 21 Nov 2026 09:00:00 GMT', 'Sat, 21 Nov 2026 10:00:00 GMT', 0],
    ['soon', undefined, undefined],
    [undefined, undefined, undefined],
  ])('Retry-After: %s', (header, date, seconds) => expect(retryAfterSeconds(header, date)).toBe(seconds));
});
