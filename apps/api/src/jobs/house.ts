import type { Ability } from '@reverie/contracts';

/** What this installation adds to a submission, and what it can do. */
export interface House {
  /** A pipeline's input where the caller does not say. */
  defaults: Record<string, Record<string, unknown>>;
  /** By the API's own settings; workers say what theirs make possible. */
  abilities: readonly Ability[];
  cacheHours: number;
}
