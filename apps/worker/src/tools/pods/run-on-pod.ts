import { Failure, type PodRun } from '@reverie/contracts';
import { lookAWhile } from './end-of-run.ts';
import { isCalledOff } from './is-called-off.ts';
import type { Finished, Look } from './manifest.ts';
import type { Pod } from './pod.ts';
import type { Room } from './room.ts';
import { watchRun } from './watch-run.ts';
import type { End } from './watched-run.ts';

/** The run of one job. */
export interface RunOnPod {
  room: Room;
  jobId: string;
  /** As long as one may take. */
  seconds: number;
  pollMs: number;
  look(signal: AbortSignal): Promise<Look>;
  progress(percent: number): void;
}

const STANDING_MS = 5_000;

/** Whether the run has been done already, or a pod is at it: an earlier attempt may have asked for it. */
export async function whereItIs(
  { room, jobId, pollMs, look }: RunOnPod,
  signal: AbortSignal,
): Promise<{ finished: Finished; pod?: Pod } | { finished?: undefined; pod: Pod } | undefined> {
  const seen = await look(signal);
  if (seen.finished) return { finished: seen.finished };
  const standings = await Promise.all(
    room.pods.map(async (pod) => ({ pod, ...(await room.standing(pod, jobId, signal, STANDING_MS)) })),
  );
  const at = standings.find(({ at }) => at === 'running');
  if (at) return { pod: at.pod };
  // It has ended since, or it says so; what it has not made is asked for anew.
  const done = standings.find(({ at }) => at === 'completed');
  const made = done && (await lookAWhile({ look: () => look(signal), pollMs }, signal));
  return made?.finished && { finished: made.finished, pod: done!.pod };
}

/** Asks a pod for the run, or joins the one it is at, and stays until it has ended. */
export async function seeThrough(
  { room, jobId, seconds, pollMs, look, progress }: RunOnPod,
  { pod, asked }: { pod: Pod; asked: PodRun | undefined },
  signal: AbortSignal,
): Promise<End> {
  const late = AbortSignal.timeout(seconds * 1_000);
  const over = new AbortController();
  const within = AbortSignal.any([signal, late, over.signal]);
  const began = Date.now();
  try {
    if (asked) {
      const seen = await look(within); // the wait for a pod may have been long
      if (seen.finished) return { how: 'finished', finished: seen.finished, response: null };
      room.tries(pod);
    }
    const end = await watchRun(
      {
        ...{ pod, pollMs },
        call: asked && room.line.post(pod, asked, within),
        look: () => look(within),
        standing: () => room.standing(pod, jobId, within),
        tells: () => room.tells(pod),
        alive: (percent = creeping(Date.now() - began)) => progress(percent),
      },
      within,
    );
    if (end.how === 'finished') room.did(pod, 'well');
    return end;
  } catch (why) {
    if (signal.aborted) {
      if (isCalledOff(signal.reason)) await room.line.callOff(pod, jobId);
      throw why;
    }
    if (late.aborted) return await afterTime();
    if (why instanceof Failure && BADLY.has(why.code)) room.did(pod, 'badly');
    throw why;
  } finally {
    over.abort(); // a call that nobody waits for any more
  }

  async function afterTime(): Promise<End> {
    const seen = await look(signal);
    if (seen.finished) return { how: 'finished', finished: seen.finished, response: null };
    await room.line.callOff(pod, jobId);
    room.did(pod, 'badly');
    throw new Failure('pod_failed', `${pod.host} was not done within ${seconds} s (VL_POD_TIMEOUT)`);
  }
}

const BADLY = new Set(['pod_failed', 'pod_unavailable']);

/** Where a pod does not say how far it is: closer and closer to the end, half way after ten minutes. */
const creeping = (ms: number) => (95 * ms) / (ms + 600_000);
