import type { PodResult } from '@reverie/contracts';
import type { Running } from './running.ts';

export interface PodWish {
  /** In the input bucket. */
  inputKey: string;
  /** null: the pod finds out. */
  sourceLang: string | null;
  /** null: no translation. */
  targetLang: string | null;
  dubbing: boolean;
  hlsSegment: number;
}

/** GPU boxes elsewhere that work for hours. */
export interface Pods {
  /** One run for this job, however often it is asked for: what an earlier attempt has begun or finished is gone on with. */
  run(wish: PodWish, run: Running): Promise<PodResult>;
}
