import { CALLBACK_EVENTS, type CallbackEvent, type CallbackJob } from '@reverie/contracts';
import type { Job } from './queries/jobs.ts';

/** Callbacks stay under 20 kB, so that any receiver takes them: these two are what could be long. */
const METADATA_BYTES = 10_000;
const MESSAGE_CHARACTERS = 1_000;

/** What an event is called to callers; undefined for what is nobody's business but ours. */
export function callbackEvent(type: string, data: Record<string, unknown>): CallbackEvent | undefined {
  if (type === 'task.completed' && data.stage === 'preview') return 'preview.ready';
  return CALLBACK_EVENTS.find((name) => name === type);
}

/** What a caller is told of a job, as it is at this moment. */
export function callbackJob(job: Job): CallbackJob {
  const fits = Buffer.byteLength(JSON.stringify(job.metadata)) <= METADATA_BYTES;
  return {
    job_id: job.id,
    pipeline: job.pipeline,
    status: job.status,
    run: job.run,
    subject: job.subject,
    metadata: fits ? job.metadata : null,
    ...(!fits && { metadata_left_out: true as const }),
    ...(job.error && {
      error: {
        code: job.error.code,
        stage: job.error.stage,
        // Half a surrogate pair would be refused by jsonb, and the whole transaction with it.
        message: job.error.message.slice(0, MESSAGE_CHARACTERS).toWellFormed(),
      },
    }),
  };
}
