import { setTimeout as sleep } from 'node:timers/promises';
import { type Claim, Failure } from '@reverie/contracts';
import type { Api } from '../../report.ts';
import type { Pod } from './pod.ts';
import type { Room } from './room.ts';

interface Choosing {
  api: Pick<Api, 'takePod'>;
  claim: Claim;
  /** Until when a pod that was busy with somebody else's run is not asked again, by its address. */
  busy: ReadonlyMap<string, number>;
  /** How long to wait while others are at all of them, before asking again. */
  waitMs: number;
}

/** Waits for a pod that is well and that no other task is at, and takes it. When none is well there is nothing to wait for. */
export async function choosePod(room: Room, { api, claim, busy, waitMs }: Choosing, signal: AbortSignal): Promise<Pod> {
  for (;;) {
    const { sound, doubtful, unwell } = await room.sort();
    signal.throwIfAborted();
    if (sound.length + doubtful.length === 0)
      throw new Failure(
        'pod_unavailable',
        `no pod can take the run: ${unwell.join(', ') || 'VL_POD_RUN_URL names none'}`,
      );
    for (const pods of [sound, doubtful]) {
      const idle = pods.filter(({ url }) => (busy.get(url) ?? 0) <= Date.now());
      const pod = await takeOne(api, { claim, pods: idle }, signal);
      if (pod) return pod;
    }
    await sleep(waitMs * (0.75 + Math.random() / 2), undefined, { signal });
  }
}

/** The slot of one of these: one task at a pod, over all workers. Undefined: others are at each of them. */
export async function takeOne(
  api: Pick<Api, 'takePod'>,
  { claim, pods }: { claim: Claim; pods: readonly Pod[] },
  signal: AbortSignal,
): Promise<Pod | undefined> {
  if (pods.length === 0) return undefined;
  const urls = pods.map(({ url }) => url);
  const given = await api.takePod(claim, urls, signal);
  // Whatever is reported of it now is refused; it only has to end.
  if (!given) throw new Failure('pod_unavailable', 'this attempt is not the current one any more');
  return pods.find(({ url }) => url === given.pod);
}
