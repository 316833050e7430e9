import type { Artifact, MediaFacts } from '@reverie/contracts';

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
