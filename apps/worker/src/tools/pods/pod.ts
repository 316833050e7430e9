/** A GPU box by its `POST /run`; messages name the host alone. */
export interface Pod {
  url: string;
  host: string;
}

export const podAt = (url: string): Pod => ({ url, host: new URL(url).host });

/** What a pod says of a run. */
export type Standing =
  | { at: 'running'; progress: number | undefined }
  | { at: 'completed' }
  | { at: 'failed'; error: string }
  /** It does not know the run (any more), or is none that can tell. */
  | { at: 'unknown' }
  /** It took the question and gave no answer: it may be too busy. */
  | { at: 'silent' }
  /** There is no way to it. */
  | { at: 'away' };

/** What became of a `POST /run`. */
export type Answer =
  | { kind: 'answered'; status: number; text: string; whole: boolean; retryAfterSeconds: number | undefined }
  /** The pod has not heard of it. */
  | { kind: 'never arrived' }
  /** It has, and the line was cut. */
  | { kind: 'cut' };
