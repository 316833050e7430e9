import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, type FailureCode } from '@reverie/contracts';
import type { Service, Services } from '@reverie/models';
import type { Running } from '@reverie/pipelines';
import { z } from 'zod';
import { readJson } from './service-answer.ts';
import { callService, hostOf, type ServiceDoor } from './service-call.ts';

/** What is asked of a service, and of which. */
export interface Errand {
  service: Service;
  /** The variable that names it. */
  named: 'VIDEO_DOWNLOADER_URL' | 'AUDIO_NORMALIZATION_URL' | 'AUDIO_TRANSCRIBER_URL';
  body(): Promise<FormData | string>;
}

/** A job at a service that has ended well. */
export interface DoneJob {
  get<T>(what: 'download' | 'text' | 'transcription', read: (answer: Response) => Promise<T>): Promise<T>;
}

const Id = z.union([z.string().min(1), z.number()]).transform(String);
const Accepted = z.union([z.object({ job_id: Id }), z.object({ id: Id })]);
const Seen = z.object({
  status: z.string().toLowerCase(),
  progress: z.number().min(0).max(100).catch(0),
  error: z.unknown().optional(),
});

/**
 * Document 004's contract: a job is given to a service and watched until it ends; then `collect` gets what came of it.
 * All of it within the time that its `*_TIMEOUT` gives.
 */
export async function byService<T extends object>(
  { service, named, body }: Errand,
  { pollSeconds, retries, backoffSeconds }: Services,
  run: Running,
  collect: (job: DoneJob) => Promise<T>,
): Promise<T & { service: string }> {
  const door: ServiceDoor = { url: service.url, named, retries, backoffSeconds };
  const patience = AbortSignal.timeout(service.seconds * 1_000);
  const signal = AbortSignal.any([run.signal, patience]);
  let percent = 0;
  // However long it queues, thinks or sends: its own time limit ends it, not the watchdog.
  const alive = setInterval(() => run.progress(percent), ALIVE_MS);
  let id: string | undefined;
  try {
    const accepted = await callService(door, '/jobs', { method: 'POST', body, read: readJson(Accepted) }, signal);
    id = 'job_id' in accepted ? accepted.job_id : accepted.id;
    const path = `/jobs/${encodeURIComponent(id)}`;
    const missing = new Failure('provider_unavailable', `${hostOf(door)} knows nothing of its job ${id} any more`);
    for (;;) {
      const seen = await callService(door, path, { method: 'GET', read: readJson(Seen), missing }, signal);
      if (seen.status === 'completed') break;
      if (FAILED.includes(seen.status)) throw failureOfChild(seen.error, `${hostOf(door)}, job ${id}`);
      percent = seen.progress;
      run.progress(percent);
      await sleep(pollSeconds * 1_000, undefined, { signal });
    }
    const done = await collect({
      get: (what, read) => callService(door, `${path}/${what}`, { method: 'GET', read, missing }, signal),
    });
    return { ...done, service: id };
  } catch (why) {
    if (id !== undefined && signal.aborted) await callOff(door, id);
    run.signal.throwIfAborted();
    if (!patience.aborted) throw why;
    const limit = named.replace(/URL$/, 'TIMEOUT');
    throw new Failure('provider_unavailable', `${hostOf(door)} was not done within ${service.seconds} s (${limit})`);
  } finally {
    clearInterval(alive);
  }
}

const ALIVE_MS = 10_000;
const FAILED = ['failed', 'error', 'cancelled'];

/** What the child says went wrong, in its own words; and where those are plain, whose fault it is. */
function failureOfChild(error: unknown, who: string): Failure {
  const text = (typeof error === 'string' ? error : (JSON.stringify(error) ?? 'without a reason')).slice(0, 1_000);
  const code = BY_WORDS.find(([words]) => words.test(text))?.[1] ?? 'provider_refused';
  return new Failure(code, `${who}: ${text}`);
}

const BY_WORDS: readonly [RegExp, FailureCode][] = [
  [/\bno (audio|sound)\b|without (audio|sound)\b/i, 'media_no_audio'],
  [/invalid data found|corrupt|unsupported (file|format|codec|media)/i, 'media_unreadable'],
];

/** Nobody waits for it any more. It may not know DELETE, or be gone: so be it. */
async function callOff(door: ServiceDoor, id: string): Promise<void> {
  const question = { method: 'DELETE', read: async (answer: Response) => answer.body?.cancel() } as const;
  const path = `/jobs/${encodeURIComponent(id)}`;
  await callService({ ...door, retries: 0 }, path, question, AbortSignal.timeout(500)).catch(() => {});
}
