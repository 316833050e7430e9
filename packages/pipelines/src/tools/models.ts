import type { Artifact } from '@reverie/contracts';
import type { Made, Running } from './running.ts';

/** What a model sees in a picture. */
export interface Seen {
  caption: string;
  /** Buttons, menus, fields: what one could use. */
  controls: string[];
  /** What is written in it. */
  text: string;
}

/** Looks at pictures. */
export interface Vision {
  look(picture: Artifact, signal: AbortSignal): Promise<Made & { seen: Seen; model: string }>;
}

/** Turns texts into vectors. */
export interface Embedder {
  /** Stores the vectors one after the other as 32-bit floats, little endian, each of length 1. */
  embed(
    texts: string[],
    out: { key: string },
    run: Running,
  ): Promise<Made & { vectors: Artifact; model: string; dimensions: number }>;
}
