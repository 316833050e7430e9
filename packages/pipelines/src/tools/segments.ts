import type { Artifact, MediaFacts, SegmentMode } from '@reverie/contracts';
import type { Running } from './running.ts';

/** A stretch of a video from a keyframe to the next cut. */
export interface CutSegment {
  file: Artifact;
  /** From its first frame to the first one of the next: what it takes up in the whole. */
  seconds: number;
  frames: number;
}

export interface CutVideo {
  segments: CutSegment[];
  /** All sound tracks of the video in one MP4 beside, as they are where it can hold them; null where there are none. */
  sound: Artifact | null;
  /** How many seconds after the sound the picture begins; below 0: before it. */
  late: number;
  /** Keyframes were too far apart: every frame was encoded again, without loss. */
  reencoded: boolean;
}

/** A segment after its model, beside what it was before. */
export interface MadeSegment extends CutSegment {
  /** Which model has been at it. */
  model: string;
  /** So many seconds after its beginning its first frame is shown: those before it could not be decoded. */
  begins: number;
}

/** Which segment of what, and what is to be made of it. */
export interface ModelWish {
  mode: SegmentMode;
  /** As whoever made the segment calls the job. */
  job: string;
  index: number;
  total: number;
}

/** Cuts videos and puts them together again. */
export interface Segments {
  /** At keyframes near the wished length. `key` names a segment once it is known how many there are. */
  cut(
    media: Artifact,
    wish: { seconds: number },
    out: { key(index: number, total: number): string; sound: string },
    run: Running,
  ): Promise<CutVideo>;
  /** Runs the configured model. A segment that was uploaded is named by its key in the input bucket. */
  model(
    segment: { file: Artifact } | { uploaded: string },
    wish: ModelWish,
    out: { key: string },
    run: Running,
  ): Promise<MadeSegment>;
  /** One file, as long as the segments are together, with the sound in its place. Sound that segments bring themselves is joined, too. */
  join(
    parts: readonly MadeSegment[],
    beside: { sound: Artifact | null; late: number },
    out: { key: string },
    run: Running,
  ): Promise<{ video: Artifact; facts: MediaFacts }>;
}
