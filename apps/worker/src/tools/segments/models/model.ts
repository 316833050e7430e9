import type { ModelWish, Running } from '@reverie/pipelines';
import type { Seen } from '../look.ts';

/** A segment as a model finds it. */
export interface ModelInput extends ModelWish {
  /** In the attempt's folder. */
  name: string;
  seen: Seen;
  /** For a model that is elsewhere and goes to the store itself. */
  remote: {
    /** Links that work without credentials: to the segment, and to where what is made of it belongs. */
    link(method: 'GET' | 'PUT', seconds: number): Promise<string>;
    /** Brings what was put there into the folder; false when nothing was. */
    fetchMade(name: string, signal: AbortSignal): Promise<boolean>;
  };
}

/** Where a model works: the folder of the attempt. */
export interface ModelPlace {
  ffmpegPath: string;
  path: string;
}

/** A model that is ready to run. Makes a file in the folder out of a segment, and says its name: as many frames, shown at the same times. */
export interface OpenModel {
  name: string;
  run(input: ModelInput, place: ModelPlace, run: Running): Promise<string>;
}
