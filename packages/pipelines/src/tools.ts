import type { Artifact, Aspect } from '@reverie/contracts';

/** The outside world as stages see it. The worker gives the real ones; a stage never spawns, fetches or reads a path. */
export interface Tools {
  script: Script;
  imagine: Imagine;
  speech: Speech;
  film: Film;
  media: Media;
  files: Files;
}

/** What every tool that may cost money says about it. */
export interface Made {
  /** `offline` when the worker made it by itself. */
  provider: string;
  /** USD */
  cost: number;
}

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

export interface Running {
  signal: AbortSignal;
  progress(percent: number): void;
}

/** What ffprobe says of a file that also decodes to its end. */
export interface MediaFacts {
  /** Seconds */
  duration: number;
  video?: { codec: string; width: number; height: number; pixelFormat: string };
  audio?: { codec: string; sampleRate: number; channels: number };
}

/** Looks at media. */
export interface Media {
  /** Refuses with `output_rejected` what is truncated, does not decode to its end, or is not as long as it should be. */
  verify(
    file: Artifact,
    expected: { duration: number; streams: ('video' | 'audio')[] },
    signal: AbortSignal,
  ): Promise<MediaFacts>;
}

/** Stored files as such. */
export interface Files {
  copy(from: Artifact, key: string): Promise<Artifact>;
  /** Stores so many bytes that are no use but to be read back. */
  fill(key: string, bytes: number, signal: AbortSignal): Promise<Artifact>;
  digest(file: Artifact, signal: AbortSignal): Promise<{ sha256: string }>;
}
