import type { Artifact, MediaFacts } from '@reverie/contracts';
import type { Running } from './running.ts';

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
