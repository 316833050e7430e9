import { Failure, type PodManifest, type PodRun, type PodStatus } from '@reverie/contracts';
import type { Logger } from 'pino';
import { Refusal } from './refusal.ts';

/** How far a run is. */
export type Progress = (percent: number, stage: string) => void;

export interface RunsOptions {
  /** The manifest of a run that has ended well, by whichever pod. */
  finished(wish: PodRun): Promise<PodManifest | undefined>;
  make(wish: PodRun, run: { signal: AbortSignal; progress: Progress }): Promise<PodManifest>;
  log: Logger;
}

interface Now {
  jobId: string;
  stopping: AbortController;
  progress: number;
  stage: string;
  made: Promise<PodManifest>;
}

/** So many of the last failures are remembered; what has ended well is in the store. */
const REMEMBERED = 100;

/** The one run of this pod. It knows of nothing else: what is finished says a manifest in the store, also after a restart. */
export function openRuns({ finished, make, log }: RunsOptions) {
  let now: Now | undefined;
  let closed = false;
  const ended = new Map<string, PodStatus>();

  function begin(wish: PodRun): Now {
    const run: Now = { jobId: wish.job_id, stopping: new AbortController(), progress: 0, stage: 'begin', made: NEVER };
    const progress: Progress = (percent, stage) => {
      run.progress = Math.max(run.progress, Math.round(percent * 10) / 10);
      run.stage = stage;
    };
    const { signal } = run.stopping;
    ended.delete(run.jobId);
    now = run;
    run.made = settled(run, async () => (await finished(wish)) ?? make(wish, { signal, progress }));
    run.made.catch(() => {}); // told to whoever asked, and there may be nobody left who did
    return run;
  }

  async function settled(run: Now, made: () => Promise<PodManifest>): Promise<PodManifest> {
    const began = performance.now();
    let status: PodStatus = { status: 'completed', progress: 100 };
    try {
      return await made();
    } catch (error) {
      status = { status: 'failed', error: toldOf(error) };
      throw error;
    } finally {
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      log.info({ job: run.jobId, seconds, ...status }, 'the run has ended');
      ended.set(run.jobId, status);
      if (ended.size > REMEMBERED) ended.delete(ended.keys().next().value!);
      now = undefined;
    }
  }

  const statusOf = (jobId: string): PodStatus | undefined =>
    now?.jobId === jobId ? { status: 'running', progress: now.progress, stage: now.stage } : ended.get(jobId);

  return {
    /** What the run makes: of the one that is going on, of one that has ended well, or of a new one. */
    async run(wish: PodRun): Promise<PodManifest> {
      // Whoever stopped it may want it again at once: that is a new run, not the end of the old one.
      while (now?.stopping.signal.aborted) await now.made.catch(() => {});
      if (closed) throw CLOSING();
      if (now && now.jobId !== wish.job_id) {
        const told = `this pod is at ${now.jobId}, and does one run at a time: come back when that has ended`;
        throw new Refusal(409, 'busy', told, { running: now.jobId });
      }
      return (now ?? begin(wish)).made;
    },

    running: (): string | undefined => now?.jobId,
    statusOf,

    /** Back when nothing of it is running any more. Undefined: nobody knows such a run. */
    async stop(jobId: string, why = new Refusal(410, 'stopped', 'the run was stopped, as somebody asked')) {
      if (now?.jobId === jobId) {
        const { stopping, made } = now;
        stopping.abort(why);
        await made.catch(() => {});
      }
      return statusOf(jobId);
    },

    /** Stops what is running, and says so to whoever waits for it. */
    async close(): Promise<void> {
      closed = true;
      if (now) await this.stop(now.jobId, CLOSING());
    },
  };
}

const CLOSING = () => new Refusal(503, 'closing', 'the pod is shutting down: send the run again when it is back');

const NEVER = new Promise<never>(() => {});

/** What is not in the table of failures is a bug, and its details are for the log. */
const toldOf = (error: unknown): string =>
  error instanceof Failure || error instanceof Refusal ? error.message : 'something went wrong; the pod’s log has it';
