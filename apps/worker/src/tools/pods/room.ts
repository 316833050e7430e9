import type { PodSettings } from '@reverie/models';
import { afterFailure, type Breaker, CLOSED, isOpen, whenTried } from './breaker.ts';
import { type Pod, podAt } from './pod.ts';
import { type PodLine, podLine } from './pod-line.ts';

/** All pods there are, and what this worker knows of them. */
export interface Room {
  pods: readonly Pod[];
  line: PodLine;
  /** What it says of a run; and whether it has ever said anything of one. */
  standing: PodLine['standing'];
  tells(pod: Pod): boolean;
  /** Those that may be asked for a run now: the ones that have not failed last come first. And why the others may not. */
  sort(): Promise<{ sound: Pod[]; doubtful: Pod[]; unwell: string[] }>;
  /** A run begins there. */
  tries(pod: Pod): void;
  did(pod: Pod, how: 'well' | 'badly'): void;
}

/** Several attempts that wait ask the same question: a pod is asked once for all of them. */
const FRESH_MS = 1_000;

/** A pod that has failed too often is left alone for so many looks at a run: by default a minute. */
const LOOKS_LEFT_ALONE = 6;

const TELLING: ReadonlySet<string> = new Set(['running', 'completed', 'failed']);

export function openRoom({ runUrls, apiKey, pollSeconds }: PodSettings & { pollSeconds: number }): Room {
  const openMs = LOOKS_LEFT_ALONE * pollSeconds * 1_000;
  const pods = runUrls.map(podAt);
  const line = podLine(apiKey);
  const breakers = new Map<string, Breaker>();
  const breakerOf = ({ url }: Pod) => breakers.get(url) ?? CLOSED;
  const telling = new Set<string>();
  const health = new Map<string, { at: number; well: Promise<boolean> }>();

  const isWell = (pod: Pod): Promise<boolean> => {
    const known = health.get(pod.url);
    if (known && Date.now() - known.at < FRESH_MS) return known.well;
    const well = line.isWell(pod);
    health.set(pod.url, { at: Date.now(), well });
    return well;
  };

  return {
    pods,
    line,
    async standing(pod, ...about) {
      const standing = await line.standing(pod, ...about);
      if (TELLING.has(standing.at)) telling.add(pod.url);
      return standing;
    },
    tells: ({ url }) => telling.has(url),
    async sort() {
      const now = Date.now();
      const looked = await Promise.all(
        pods.map(async (pod) => {
          const { failures } = breakerOf(pod);
          const why = isOpen(breakerOf(pod), now)
            ? `has failed ${failures} times and is left alone for a while`
            : (await isWell(pod))
              ? undefined
              : 'is not well';
          return { pod, failures, why };
        }),
      );
      const well = looked.filter(({ why }) => why === undefined);
      return {
        sound: well.filter(({ failures }) => failures === 0).map(({ pod }) => pod),
        doubtful: well.filter(({ failures }) => failures > 0).map(({ pod }) => pod),
        unwell: looked.flatMap(({ pod, why }) => (why === undefined ? [] : [`${pod.host} ${why}`])),
      };
    },
    tries: (pod) => void breakers.set(pod.url, whenTried(breakerOf(pod), Date.now(), openMs)),
    did: (pod, how) =>
      void breakers.set(pod.url, how === 'well' ? CLOSED : afterFailure(breakerOf(pod), Date.now(), openMs)),
  };
}
