import type { Life } from '../jobs/life.ts';
import type { Tally } from './tally.ts';
import type { Words } from './words.ts';

/** The life of a job, with `submit` and `arrive` for doors, and where what came is counted. */
export interface Doors extends Life {
  tally: Tally;
}

/** What a source works with. */
export interface Inlet extends Doors {
  words: Words;
}

/** Brings jobs in from outside until told to stop. Acknowledges only what has been committed. */
export type Source = (inlet: Inlet, signal: AbortSignal) => Promise<void>;
