import { Failure } from '@reverie/contracts';
import { meaningOf } from './answer-means.ts';
import { endOfRun, lookAWhile, untrue } from './end-of-run.ts';
import { inWords } from './kept-answer.ts';
import type { Answer } from './pod.ts';
import type { End, WatchedRun } from './watched-run.ts';

/** What it means for the run that the call has ended so. Undefined: the run goes on, or nobody can tell just now. */
export async function endOfCall(run: WatchedRun, answer: Answer, signal: AbortSignal): Promise<End | undefined> {
  if (answer.kind === 'never arrived') return { how: 'never arrived' };
  if (answer.kind === 'cut') return endOfCut(run, signal);
  const { status, text, retryAfterSeconds } = answer;
  const means = meaningOf(status);
  // The manifest first, whatever the answer: many a 500 comes from what stands between.
  const seen = means === 'done' ? await lookAWhile(run, signal) : await run.look();
  if (seen.finished) return { how: 'finished', finished: seen.finished, response: null };
  const said = `${run.pod.host} answered ${status}${text && `: ${inWords(text)}`}`;
  if (means === 'refused') throw new Failure('provider_refused', `${said}${hint(status)}`);
  const standing = await run.standing();
  if (standing.at === 'running') return undefined;
  if (means === 'busy') return { how: 'busy', retryAfterSeconds };
  if (means === 'done') throw untrue(run.pod, seen.why);
  if (standing.at === 'away') return undefined;
  throw new Failure('pod_failed', said);
}

/** What a pod says of a run it says itself; what stands before it may say less. */
const hint = (status: number): string =>
  status === 400 || status === 422 ? '' : '; check VL_POD_RUN_URL and VL_POD_API_KEY';

async function endOfCut(run: WatchedRun, signal: AbortSignal): Promise<End | undefined> {
  const standing = await run.standing();
  if (standing.at === 'running' || standing.at === 'away' || standing.at === 'silent') return undefined;
  return endOfRun(run, standing, signal);
}
