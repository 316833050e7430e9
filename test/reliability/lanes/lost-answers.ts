import type { Rng } from '../support/rng.ts';
import { allEnded, LINK_NAMES, type LinkName, openLane, wrongJobs } from './lane.ts';

export interface LostAnswers {
  jobs: number;
  /** Answers that were lost after the work was done, by link. */
  lost: Record<LinkName, number>;
  wrong: string[];
}

/** Jobs of which every message's answer may be lost with its connection, after what it asked for was done. */
export async function loseAnswers(
  rng: Rng,
  { jobs, share, seconds }: { jobs: number; share: number; seconds: number },
): Promise<LostAnswers> {
  await using lane = await openLane({ WORKER_LEASE_SECONDS: '3', CPU_SLOTS: '8', IO_SLOTS: '8', LOG_LEVEL: 'warn' });
  await lane.up();
  const lost = Object.fromEntries(LINK_NAMES.map((link) => [link, 0])) as Record<LinkName, number>;
  for (const link of LINK_NAMES) {
    const own = rng.fork(link);
    lane.links[link].onAnswer(() => {
      const passes = !own.chance(share);
      if (!passes) lost[link] += 1;
      return passes;
    });
  }
  const ids: string[] = [];
  let next = 0;
  const caller = async () => {
    while (next++ < jobs) ids.push(await lane.submit());
  };
  await Promise.all(Array.from({ length: 4 }, caller));
  const late = await allEnded(lane.client, ids, seconds).then(
    () => [],
    (error: Error) => [error.message],
  );
  const wrong = await wrongJobs(lane.client, ids);
  return { jobs: new Set(ids).size, lost, wrong: [...late, ...wrong] };
}
