import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded } from '@reverie/contracts';
import { type Database, type Event, eventsOf, findJob, type Job, type TaskState, taskStatesOf } from '@reverie/db';
import { pipelineNamed } from '@reverie/pipelines';
import type { FastifyBaseLogger } from 'fastify';
import type { Hub } from '../hub.ts';
import { coalesced } from './dispatch.ts';
import { progressOf, stageProgress } from './progress.ts';

/** A job as its followers see it. */
export interface JobNow {
  /** Undefined: it is gone. */
  job: Job | undefined;
  /** Everything that ever happened to it, in order. */
  events: readonly Event[];
  progress: { progress: number; stage: string | null; stage_progress: number };
}

export interface Follower {
  /** Called with the first look, and whenever something has changed. */
  tell(now: JobNow): void;
  /** Nothing more will be told: this process stops. */
  end(): void;
}

/** Twice a second is quick enough for eyes. */
const PROGRESS_MS = 500;
/** What commits meanwhile is read together: a hundred parts that end at once are not a hundred looks. */
const GATHER_MS = 100;
const AGAIN_MS = 1_000;

export interface Reading {
  db: Database;
  hub: Hub;
  log: FastifyBaseLogger;
}

/** One job, read once for all who follow it. */
export function openFeed({ db, hub, log }: Reading, jobId: string) {
  const followers = new Set<Follower>();
  const events: Event[] = [];
  let tasks: TaskState[] = [];
  let now: JobNow | undefined;

  function tell(job: Job | undefined, progress: JobNow['progress']): void {
    now = { job, events, progress };
    for (const follower of followers) follower.tell(now);
  }

  function progressNow(job: Job | undefined): JobNow['progress'] {
    const { progress, stage } = progressOf(job && pipelineNamed(job.pipeline), tasks, hub);
    const parts = tasks.filter((task) => task.stage === stage);
    return { progress, stage, stage_progress: stageProgress(parts, hub) };
  }

  const reading = coalesced(
    async () => {
      // The row first: when it has ended, the event that says so is among those that are read after it.
      const job = await findJob(db, jobId);
      // Whatever records an event of a job holds its row, so a lower number is never committed after a higher one.
      const more = await eventsOf(db, jobId, events.at(-1)?.seq);
      tasks = await taskStatesOf(db, [jobId]);
      events.push(...more);
      const isOver = !job || hasEnded(job.status);
      tell(job, now && !isOver ? now.progress : progressNow(job));
      await sleep(GATHER_MS);
    },
    (error) => {
      log.warn({ error: error.message, job: jobId }, 'a followed job could not be read; it is tried again');
      setTimeout(() => followers.size > 0 && reading.ask(), AGAIN_MS);
    },
  );

  const looking = setInterval(() => {
    const progress = progressNow(now?.job);
    if (now && JSON.stringify(progress) !== JSON.stringify(now.progress)) tell(now.job, progress);
  }, PROGRESS_MS);

  return {
    /** Something was committed. */
    ask: reading.ask,
    add(follower: Follower): void {
      followers.add(follower);
      // Who follows must have returned before it is told.
      queueMicrotask(() => now && followers.has(follower) && follower.tell(now));
    },
    /** Says whether anybody is left. */
    remove(follower: Follower): boolean {
      followers.delete(follower);
      return followers.size > 0;
    },
    close(): void {
      clearInterval(looking);
    },
    followers,
  };
}
