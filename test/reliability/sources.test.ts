import { expect, test } from 'vitest';
import { allAtOnce } from './sources/all-at-once.ts';
import { report, scaled, seconds } from './support/figures.ts';

test('F7 F8 F9 messages, rows and webhooks at once: each is one job, however often the API ends among them', async () => {
  const began = performance.now();
  const burst = { messages: scaled(3_000, 300), rows: scaled(1_000, 100), webhooks: scaled(500, 50) };
  const ends = Array.from({ length: scaled(20, 3) }, (_, n) => (n % 3 === 0 ? 'SIGTERM' : 'SIGKILL'));
  const { seen, wanted, ended, setAside, again } = await allAtOnce({ ...burst, ends, seconds: 600 });
  expect(seen).toEqual(wanted);
  expect(setAside).toEqual([]);
  expect(ended).toEqual(ends.map((signal) => (signal === 'SIGTERM' ? 0 : signal)));
  const ms = performance.now() - began;
  report(
    'F8',
    `${wanted.length} jobs from three sources, the API ended ${ends.length} times: each once, ${again} messages known again since the last end, in ${seconds(ms)}`,
    { ...burst, ends: ends.length, again, ms },
  );
});
