import type { Artifact, Aspect } from '@reverie/contracts';
import type { Made, Running } from './running.ts';

export interface StoryboardScene {
  /** What is said. */
  text: string;
  /** What is seen. */
  prompt: string;
}

/** Turns a text into scenes. */
export interface Script {
  storyboard(
    dream: {
      transcript: string;
      segments?: { text: string }[] | undefined;
      style?: string | undefined;
      title?: string | undefined;
    },
    signal: AbortSignal,
  ): Promise<Made & { title: string; scenes: StoryboardScene[] }>;
}

/** Turns a scene into a picture: a still, or a short clip that may be looped. */
export interface Imagine {
  picture(
    wish: { prompt: string; style?: string | undefined; seed: number; aspect: Aspect },
    out: { key(extension: string): string },
    signal: AbortSignal,
  ): Promise<Made & { picture: Artifact }>;
}

/** A word and when it is heard, in seconds. */
export interface SpokenWord {
  text: string;
  start: number;
  end: number;
}

export interface SpokenScene {
  text: string;
  start: number;
  end: number;
  words: SpokenWord[];
}

/** Turns text into sound. */
export interface Speech {
  narrate(
    texts: string[],
    out: { key: string },
    signal: AbortSignal,
  ): Promise<Made & { audio: Artifact; scenes: SpokenScene[]; duration: number }>;
}

/** All that a dream's film is made of. */
export interface FilmParts {
  title: string;
  aspect: Aspect;
  /** One a scene, in order. */
  pictures: Artifact[];
  narration: { audio: Artifact; scenes: SpokenScene[]; duration: number };
}

/** Puts pictures, words and sound together. */
export interface Film {
  preview(
    parts: FilmParts,
    out: { video: string; poster: string },
    run: Running,
  ): Promise<{ video: Artifact; poster: Artifact }>;
  render(parts: FilmParts, out: { key: string }, run: Running): Promise<Artifact>;
}
