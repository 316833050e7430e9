import type { DreamMetadata } from '@reverie/contracts';
import { type Dream, insertDream, type Job, lockDream, type Sql, type Task, updateDream } from '@reverie/db';
import { dream } from '@reverie/pipelines';
import { Refusal } from '../refusal.ts';
import type { Submission } from './submission.ts';

/** The owner's row a pipeline works for, kept in step with its job inside the job's own transactions. */
export interface Subject {
  /** Before the job exists: finds the row or makes it, or refuses. Its id becomes the job's subject. */
  begin?(sql: Sql, submission: Submission, input: Record<string, unknown>): Promise<string | undefined>;
  /** After every move of the job. `output` is there when it completed. */
  moved?(sql: Sql, job: Job, output: Record<string, unknown>): Promise<void>;
  /** After every task that completed. */
  settled?(sql: Sql, job: Job, task: Task, output: Record<string, unknown>): Promise<void>;
}

/** A job for a dream that is not there yet makes it: `POST /jobs` needs no second call. */
export const dreamSubject = (publicUrl: string): Subject => ({
  async begin(sql, { owner }, raw) {
    const { dreamId: id, title, style, segments, transcript, aspect } = dream.input.parse(raw);
    const row = { id, owner, transcript, aspect, priority: 'normal' as const };
    await insertDream(sql, { ...row, title: title ?? null, style: style ?? null, segments: segments ?? null });
    if (!(await lockDream(sql, id, { owner }))) {
      throw new Refusal(409, 'id_taken', `The id ${id} is taken. Leave it out and one is made for you.`);
    }
    return id;
  },
  async moved(sql, job, output) {
    if (job.subject === null) return;
    const video: Partial<Dream> =
      job.status === 'completed'
        ? {
            videoUrl: `${publicUrl}/artifacts/dreams/${job.subject}/video.mp4`,
            videoMetadata: output.metadata as DreamMetadata,
            videoCompletedAt: job.endedAt,
          }
        : { videoUrl: null, videoMetadata: null, videoCompletedAt: null };
    await updateDream(sql, job.subject, {
      videoJobId: job.id,
      videoStatus: job.status,
      videoStartedAt: job.startedAt,
      ...video,
    });
  },
});
