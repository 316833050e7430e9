import type { Running, Transcriber } from '@reverie/pipelines';
import type { Piece } from './piece.ts';

type Hear = Transcriber['hear'];

/** Somebody who writes down what is said in a piece. */
export interface Listener {
  name: string;
  listen(piece: Piece, wish: Parameters<Hear>[2], run: Running): ReturnType<Hear>;
}

/** The language where nothing is said, or where nobody names it. */
export const UNKNOWN = 'unknown';
