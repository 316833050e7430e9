import type { Artifact, Aspect, MediaFacts, Segment, Span } from '@reverie/contracts';

/** The outside world as stages see it. The worker gives the real ones; a stage never spawns, fetches or reads a path. */
export interface Tools {
  script: Script;
  imagine: Imagine;
  speech: Speech;
  film: Film;
  media: Media;
  files: Files;
  sources: Sources;
  sound: Sound;
  transcriber: Transcriber;
  footage: Footage;
  vision: Vision;
  embedder: Embedder;
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
  /** Stores a text. */
  write(key: string, text: string, signal: AbortSignal): Promise<Artifact>;
  digest(file: Artifact, signal: AbortSignal): Promise<{ sha256: string }>;
}

export interface Fetching extends Running {
  /** The picture is not needed: where it can be left behind, it is. */
  soundAlone: boolean;
}

/** Brings videos here from elsewhere. */
export interface Sources {
  /**
   * Gets what `readSource` reads, resuming after a cut, within the operator's limits of size and duration, and looks at it
   * before anybody else does: what is not media, cut short, a playlist in disguise or too long is refused by its own code.
   */
  fetch(
    source: string,
    out: { key(extension: string): string },
    run: Fetching,
  ): Promise<{ media: Artifact; facts: MediaFacts; service?: string }>;
}

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

export interface PreparedVideo {
  /** 720 lines at most, 30 fps at most, H.264, yuv420p, faststart. */
  video: Artifact;
  /** 16 kHz mono; undefined where there is no sound. */
  audio?: Artifact;
  facts: MediaFacts;
  /** Where a shot ends and the next begins. */
  cuts: number[];
  rests: Span[];
  /** It was fit already and was not encoded again. */
  remuxed: boolean;
}

export interface StillFrame {
  /** Which scene's. */
  scene: number;
  time: number;
  picture: Artifact;
  /** A perceptual hash: 64 bits as 16 hexadecimal digits. */
  hash: string;
}

/** Takes videos apart. */
export interface Footage {
  /** Normalised video, sound, cuts and silences out of one decode. */
  prepare(
    media: Artifact,
    facts: MediaFacts,
    out: { video: string; audio: string },
    run: Running,
  ): Promise<PreparedVideo>;
  /** JPEGs by seeking; of two that look alike the later is dropped. */
  stills(
    video: Artifact,
    moments: { scene: number; time: number }[],
    out: { key(scene: number): string },
    run: Running,
  ): Promise<{ frames: StillFrame[]; dropped: number }>;
}

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
