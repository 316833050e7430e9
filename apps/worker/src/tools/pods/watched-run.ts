import type { Finished, Look } from './manifest.ts';
import type { Answer, Pod, Standing } from './pod.ts';

/** A run on a pod, and how to learn of it. */
export interface WatchedRun {
  pod: Pod;
  /** The `POST /run` that is held; without one the run was there before. */
  call: Promise<Answer> | undefined;
  look(): Promise<Look>;
  standing(): Promise<Standing>;
  /** Whether the pod has ever told of a run: of one that tells, not knowing this one is an answer. */
  tells(): boolean;
  /** It is at work. */
  alive(percent: number | undefined): void;
  pollMs: number;
}

/** How a run ended that did not fail. */
export type End =
  /** `response`: what the pod answered; null when others told. */
  | { how: 'finished'; finished: Finished; response: unknown }
  /** The pod has begun nothing: it works for somebody else, or has not heard of it. */
  | { how: 'busy'; retryAfterSeconds: number | undefined }
  | { how: 'never arrived' }
  /** The pod knows nothing of it any more, and there is no manifest. */
  | { how: 'lost' };
