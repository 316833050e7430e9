import type { Store } from '@reverie/storage';
import type { Workplace } from '../workplace.ts';
import type { OpenModel } from './models/model.ts';

/** Programs, the folder of one attempt, and what the worker was told to run. */
export interface SegmentsPlace {
  ffmpegPath: string;
  ffprobePath: string;
  place: Workplace;
  store: Store;
  /** Where others put their segments. */
  inputs: Store;
  model: OpenModel;
}
