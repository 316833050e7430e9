import type { Listener } from '@reverie/media';
import type { Store } from '@reverie/storage';
import type { Progress } from './runs.ts';

/** What this pod works with. */
export interface Bench {
  ffmpegPath: string;
  ffprobePath: string;
  inputs: Store;
  outputs: Store;
  maxBytes: number;
  /** Undefined: nobody can transcribe here. */
  listener: Listener | undefined;
}

/** One run: where it works, and whether it still should. */
export interface Run {
  dir: string;
  signal: AbortSignal;
  progress: Progress;
}
