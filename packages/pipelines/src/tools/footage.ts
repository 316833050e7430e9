import type { Artifact, MediaFacts, Span } from '@reverie/contracts';
import type { Running } from './running.ts';

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
