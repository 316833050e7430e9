import { expect, test } from 'vitest';
import { crashEverywhere, said } from './lanes/crash-points.ts';
import { percentile, report, scale, seconds } from './support/figures.ts';

test('T2 whichever message of a job’s life is the last a process says, the job is done once', async () => {
  const began = performance.now();
  const { crashes, messages } = await crashEverywhere({
    lanes: 3,
    choose: (points) => points.filter((_, index) => scale() >= 1 || (index + 1) % Math.round(1 / scale()) === 0),
  });
  const kills = crashes.filter(({ killed }) => killed);
  expect(crashes.filter(({ wrong, ms }) => wrong.length > 0 || ms > 20_000).map(said)).toEqual([]);
  if (scale() >= 1) expect(kills.length).toBeGreaterThanOrEqual(200);
  const times = kills.map(({ ms }) => ms);
  const [p50, max] = [percentile(times, 50), Math.max(...times)];
  const ms = performance.now() - began;
  report(
    'T2',
    `${kills.length} deaths before and after each message, ${crashes.length - kills.length} not reached: every job done once, median ${seconds(p50)}, slowest ${seconds(max)}, in ${seconds(ms)}`,
    { kills: kills.length, notReached: crashes.length - kills.length, messages, p50, max, ms },
  );
});
