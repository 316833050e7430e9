import type { Priority } from '@reverie/contracts';
import type { Job } from '@reverie/db';

/** What a source asks for. */
export interface Submission {
  owner: string;
  pipeline: string;
  input: unknown;
  priority: Priority;
  metadata?: Record<string, unknown> | undefined;
  /** Not dispatched before it is released. */
  held?: boolean | undefined;
  /** Not begun by then: no longer wanted. */
  startBy?: Date | undefined;
  /** Not finished by then: ended. */
  deadline?: Date | undefined;
  /** Told of everything that becomes of the job. */
  callbackUrl?: string | undefined;
  /** The same key again is the same job. */
  key?: string | undefined;
  /** What the job shall be called, where somebody else has named it already. */
  id?: string | undefined;
  /** It was announced by the store itself, which no caller can be. */
  announced?: boolean | undefined;
  /** Somebody has written the job's row himself; the caller holds it. */
  row?: Job | undefined;
}
