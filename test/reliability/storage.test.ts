import { expect, test } from 'vitest';
import { smallDisk } from './storage/full-disk.ts';
import { withBadS3 } from './storage/with-bad-s3.ts';
import { withFullDisk } from './storage/with-full-disk.ts';
import { report, scaled, seconds } from './support/figures.ts';
import { rngOf, runSeed } from './support/rng.ts';

const SHARES = { busy: 0.3, cutAnswer: 0.01, cutUpload: 0.01, lostAnswer: 0.01, stall: 0.01 };

test('T16 an S3 that is busy, cuts off, forgets to answer and stalls: no job is lost, no object is wrong', async () => {
  const rng = rngOf(runSeed());
  const began = performance.now();
  const jobs = scaled(300, 20);
  const { wrong, objects, counts, again } = await withBadS3(rng, { jobs, shares: SHARES, seconds: 900 });
  const ms = performance.now() - began;
  expect(wrong.slice(0, 20), `REVERIE_SEED=${rng.seed}`).toEqual([]);
  const line = `${jobs} jobs, requests ${JSON.stringify(counts)}, ${again} attempts again, 0 lost, 0 of ${objects} objects wrong, seed ${rng.seed}, in ${seconds(ms)}`;
  report('T16 S3', line, { jobs, objects, counts, again, seed: rng.seed, ms });
});

test('T16 a full disk: what does not fit waits for room, and no attempt is charged', async (context) => {
  await using disk = await smallDisk(8);
  if (!disk) return context.skip('nothing can be mounted here: run it as root on Linux');
  const { wrong, refused, failed, ms } = await withFullDisk(disk, { jobs: 8, fullForMs: 5_000 });
  expect(wrong).toEqual([]);
  expect(failed).toBe(0);
  report('T16 disk', `8 jobs, ${refused} times no room, 0 lost, done ${seconds(ms)} after there was`, { refused, ms });
});
