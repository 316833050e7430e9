import type { Database } from '@reverie/db';
import type { Producer, Signals } from '@reverie/queue';
import type { Store } from '@reverie/storage';
import type { FastifyBaseLogger } from 'fastify';
import type { House } from './house.ts';
import type { Subject } from './subjects.ts';

/** What the verbs of a job's life work with. */
export interface Life {
  db: Database;
  /** A small pool of its own: however busy the public routes are, claims and reports get through. */
  reports: Database;
  queue: Producer;
  signals: Signals;
  store: Store;
  subjects: Record<string, Subject>;
  house: House;
  /** There may be room in a window, or something new to put there. */
  wake(): void;
  /** A failed task waits up to base × 2^tries. */
  backoffBaseSeconds: number;
  /** From a job's first start, unless it brings a deadline. */
  jobTimeoutMinutes: number;
  /** How often any stage is tried, where the operator says so. */
  maxAttempts?: number | undefined;
  log: FastifyBaseLogger;
}
