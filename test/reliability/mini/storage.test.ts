import { expect, test } from 'vitest';
import { smallDisk } from '../storage/full-disk.ts';
import { withBadS3 } from '../storage/with-bad-s3.ts';
import { withFullDisk } from '../storage/with-full-disk.ts';
import { rngOf, runSeed } from '../support/rng.ts';

test('T16 an S3 that is busy, cuts off and forgets to answer: no job is lost, no object is wrong', async () => {
  const rng = rngOf(runSeed());
  const shares = { busy: 0.3, cutAnswer: 0.02, cutUpload: 0.02, lostAnswer: 0.02, stall: 0 };
  const { wrong } = await withBadS3(rng, { jobs: 8, shares, seconds: 50 });
  expect(wrong, `REVERIE_SEED=${rng.seed}`).toEqual([]);
});

test('T16 a full disk: what does not fit waits for room, and no attempt is charged', async (context) => {
  await using disk = await smallDisk(4);
  if (!disk) return context.skip('nothing can be mounted here: run it as root on Linux');
  const { wrong, failed } = await withFullDisk(disk, { jobs: 3, fullForMs: 500 });
  expect([wrong, failed]).toEqual([[], 0]);
});
