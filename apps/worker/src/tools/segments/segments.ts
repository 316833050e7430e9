import type { Segments } from '@reverie/pipelines';
import type { Store } from '@reverie/storage';
import type { Workplace } from '../workplace.ts';

export interface SegmentsPlace {
  ffmpegPath: string;
  ffprobePath: string;
  place: Workplace;
  /** Where others put their segments. */
  inputs: Store;
}

export const ffmpegSegments = (_here: SegmentsPlace): Segments => ({}) as Segments;
