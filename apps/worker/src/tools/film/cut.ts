import type { Workplace } from '../workplace.ts';
import type { Encode } from './encode.ts';
import type { Frame } from './film-graph.ts';

/** Where a film is made, and with which ffmpeg. */
export interface Studio {
  ffmpegPath: string;
  place: Workplace;
}

export interface Cut {
  frame: Frame;
  /** The size the words are laid out for; ffmpeg scales them with the picture. */
  wordsFor: { width: number; height: number };
  /** At most this much of the film. */
  seconds: number;
  /** The filters that make the narration as loud as it should be. */
  loudness: string;
  encode: Encode;
  /** A name in the attempt's folder. */
  output: string;
}
