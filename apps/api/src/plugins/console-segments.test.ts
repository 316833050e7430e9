import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

/** What the console makes of segments. It is browser JavaScript, which its own tsconfig.json checks. */
const part = (name: string) => import(join(import.meta.dirname, '../console', name));
const { cellsFor, countStates, nextOf, ranges, startsOf } = await part('segment-states.js');
const { segmentsOf } = await part('segments-of.js');

const inStates = (...states: string[]) => states.map((state) => ({ state }));

test('states are counted, what is bad first and what is to come last; those without any are left out', () => {
  const segments = inStates('awaited', 'completed', 'waiting', 'completed', 'failed', 'running');
  expect(
    countStates(segments).map(({ state, count }: { state: string; count: number }) => `${count} ${state}`),
  ).toEqual(['1 failed', '1 running', '2 completed', '1 waiting', '1 awaited']);
  expect(countStates([])).toEqual([]);
});

test.each([
  [[], ''],
  [[7], '7'],
  [[5, 6, 19], '5–6 19'],
  [[0, 1, 2, 4, 6, 7], '0–2 4 6–7'],
])('%j are said as %j', (numbers, said) => {
  const gaps: { from: number; to: number }[] = ranges(numbers);
  expect(gaps.map(({ from, to }) => (from === to ? from : `${from}–${to}`)).join(' ')).toBe(said);
});

test('where a segment begins is known as far as the lengths before it are', () => {
  const lasting = (...seconds: (number | null)[]) => seconds.map((it) => ({ seconds: it }));
  expect(startsOf(lasting(2, 3.5, 4))).toEqual([0, 2, 5.5]);
  expect(startsOf(lasting(2, null, 4))).toEqual([0, 2, undefined]);
  expect(startsOf([])).toEqual([]);
});

test.each([
  [-1, 1],
  [0, 1],
  [1, 3],
  [3, 1],
])('after %i the next failed one is %i', (after, next) => {
  expect(nextOf(inStates('completed', 'failed', 'completed', 'failed', 'waiting'), 'failed', after)).toBe(next);
});

test('there is no next one where there is none', () => expect(nextOf(inStates('completed'), 'failed', 0)).toBe(-1));

test.each([
  [1, 'large'],
  [48, 'large'],
  [150, 'medium'],
  [2_000, 'small'],
])('%i segments are %s', (count, size) => expect(cellsFor(count)).toBe(size));

describe('segments are read', () => {
  const asked: string[] = [];
  beforeEach(() => {
    asked.length = 0;
    vi.useFakeTimers();
    vi.stubGlobal('sessionStorage', { getItem: () => null });
    vi.stubGlobal('fetch', async (url: URL) => {
      asked.push(url.pathname.split('/').slice(-3).join('/'));
      return Response.json({ segments: [] });
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const jobWith = (completed: number, status = 'processing') => ({
    ...{ job_id: 'a', status, run: 0 },
    stages: [{ state: 'running', parts: { total: 9, completed }, attempts: [] }],
  });

  test('at once, then every 2 s at most however much happens, and nothing is missed', async () => {
    const told: number[] = [];
    const reading = segmentsOf(() => told.push(Date.now()));
    const began = Date.now();
    for (let done = 0; done < 9; done++) {
      reading.look(jobWith(done));
      await vi.advanceTimersByTimeAsync(500);
    }
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toEqual(Array(4).fill('jobs/a/segments'));
    expect(told.map((at) => at - began)).toEqual([0, 2_000, 4_000, 6_000].map((ms) => expect.closeTo(ms, -2)));
  });

  test('not again while nothing has moved, but for what others upload, and no more once it is stopped', async () => {
    const reading = segmentsOf(() => undefined);
    const after = async (ms: number, job = jobWith(1)) => {
      await vi.advanceTimersByTimeAsync(ms);
      reading.look(job);
      await vi.advanceTimersByTimeAsync(1);
      return asked.length;
    };
    expect(await after(0)).toBe(1);
    expect(await after(5_000)).toBe(1);
    expect(await after(6_000)).toBe(2);
    expect(await after(3_000, jobWith(9, 'completed'))).toBe(3);
    expect(await after(600_000, jobWith(9, 'completed'))).toBe(3);
    reading.look(jobWith(8, 'failed'));
    reading.stop();
    expect(await after(60_000, jobWith(7, 'failed'))).toBe(3);
  });
});
