import type { JobType, Queue } from 'bullmq';

const STATES = { waiting: ['waiting', 'prioritized'], active: ['active'], delayed: ['delayed'] } satisfies Record<
  string,
  JobType[]
>;
type State = keyof typeof STATES;

export interface Peek extends Record<State, number> {
  /** First what will be taken next, then what is being worked on, then what waits for its time. */
  entries: { id: string; state: State }[];
}

/** Looks into a queue; nothing is claimed. */
export async function peekInto(queue: Pick<Queue, 'getJobCounts' | 'getRanges'>, most: number): Promise<Peek> {
  const look = async (state: State) => {
    const counts = await queue.getJobCounts(...STATES[state]);
    const ids = await queue.getRanges(STATES[state], 0, most - 1, true);
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return { total, entries: ids.map((id) => ({ id, state })) };
  };
  const [waiting, active, delayed] = await Promise.all([look('waiting'), look('active'), look('delayed')]);
  return {
    waiting: waiting.total,
    active: active.total,
    delayed: delayed.total,
    entries: [waiting, active, delayed].flatMap(({ entries }) => entries).slice(0, most),
  };
}
