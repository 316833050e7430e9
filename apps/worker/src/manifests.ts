import { Readable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { artifactKey, artifactsIn, type Claim, Report } from '@reverie/contracts';
import type { Store } from '@reverie/storage';

/** How far back to look: an attempt that left files and never got to report them is among the last few. */
const EARLIER_ATTEMPTS = 3;
/** A manifest saves time. A store that is not well may not cost the attempt for it, nor hold it up for longer. */
const PATIENCE_MS = 15_000;

/**
 * What an attempt is about to report, stored beside its files first. When the worker dies right there, or the API is
 * away until its lease has gone, the next attempt finds the work done: hours of it cost one look.
 */
export interface Manifests {
  keep(claim: Claim, report: Report): Promise<void>;
  /** The finished report of an earlier attempt of this very task, if all its files are still there. */
  ofEarlierAttempt(claim: Claim): Promise<Report | undefined>;
}

export const manifestsIn = (store: Store, onError: (error: Error) => void): Manifests => ({
  async keep(claim, report) {
    // What made no file is done again in no time.
    if (report.status !== 'completed' || artifactsIn(report.output).length === 0) return;
    const how = { contentType: 'application/json', signal: AbortSignal.timeout(PATIENCE_MS) };
    await store.put(artifactKey.manifest(claim), Readable.from([JSON.stringify(report)]), how).catch(onError);
  },

  async ofEarlierAttempt({ taskId, attempt }) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (let before = attempt - 1; before > 0 && before >= attempt - EARLIER_ATTEMPTS; before--) {
      const found = await finished(store, artifactKey.manifest({ taskId, attempt: before }), signal).catch(onError);
      if (found) return found;
    }
    return undefined;
  },
});

async function finished(store: Store, key: string, signal: AbortSignal): Promise<Report | undefined> {
  const stored = await store.get(key, { signal });
  const report = stored && Report.safeParse(await json(stored));
  if (!report?.success || report.data.status !== 'completed') return undefined;
  return (await allThere(store, report.data.output)) ? report.data : undefined;
}

async function allThere(store: Store, output: unknown): Promise<boolean> {
  const looked = await Promise.all(
    artifactsIn(output).map(async ({ key, bytes }) => (await store.head(key))?.bytes === bytes),
  );
  return looked.every(Boolean);
}
