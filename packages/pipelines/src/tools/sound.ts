import type { Artifact, Segment, Span } from '@reverie/contracts';
import type { Made, Running } from './running.ts';

export interface SoundWish {
  removeNoise: boolean;
  mono: boolean;
  highPass: boolean;
  sampleRate16k: boolean;
  isolateVocals: boolean;
}

/** Makes recordings fit for transcription. */
export interface Sound {
  /** One decode, one encode: FLAC. `rests` are the silences in which it may be cut. */
  normalise(
    media: Artifact,
    wish: SoundWish,
    out: { key: string },
    run: Running,
  ): Promise<{ audio: Artifact; duration: number; rests: Span[]; service?: string }>;
}

/** Writes down what is said. */
export interface Transcriber {
  /** One piece of a recording; the times that come back count from its beginning. `auto` finds the language by itself. */
  hear(
    audio: Artifact,
    piece: Span,
    wish: { language: string; languageOut?: string | undefined },
    run: Running,
  ): Promise<Made & { language: string; segments: Segment[]; service?: string }>;
}
