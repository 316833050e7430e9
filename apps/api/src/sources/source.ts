import type { Life } from '../jobs/life.ts';
import type { Tally } from './tally.ts';
import type { Words } from './words.ts';

/** What a source works with: the life of a job, with `submit` and `arrive` for doors, and where it counts. */
export interface Inlet extends Life {
  tally: Tally;
  words: Words;
}

/** Brings jobs in from outside until told to stop. Acknowledges only what has been committed. */
export type Source = (inlet: Inlet, signal: AbortSignal) => Promise<void>;
