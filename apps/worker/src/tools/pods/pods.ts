import { artifactKey, type Claim, Failure, type PodRun } from '@reverie/contracts';
import type { PodSettings } from '@reverie/models';
import type { Pods, PodWish } from '@reverie/pipelines';
import type { Store } from '@reverie/storage';
import type { Api } from '../../report.ts';
import { rising } from '../rising.ts';
import { choosePod, takeOne } from './choose-pod.ts';
import { manifestIn } from './manifest.ts';
import type { Room } from './room.ts';
import { type RunOnPod, seeThrough, whereItIs } from './run-on-pod.ts';

export interface PodsPlace {
  room: Room;
  settings: PodSettings & { outputPrefix: string; pollSeconds: number };
  /** Where pods put what they make. */
  store: Store;
  /** Where others put what pods are to work on. */
  inputs: Store;
  api: Pick<Api, 'takePod'>;
}

/** While others are at all pods: five questions, where a run gets one look. */
const QUESTIONS_A_POLL = 5;
/** Whatever a busy pod says, it may be free sooner. */
const MOST_ALONE_SECONDS = 60;
/** A run that its pods lose so often in one attempt takes them down. */
const MOST_LOST = 2;
/** However long it takes: a run has a time limit of its own, and the watchdog is for those that have none. */
const ALIVE_MS = 2_000;

/** Has a pod do the run of this claim's job. What an earlier attempt has begun or finished is gone on with. */
export const openPods = (here: PodsPlace, claim: Claim): Pods => ({
  async run(wish, { signal, progress }) {
    const { room, settings, api } = here;
    const pollMs = settings.pollSeconds * 1_000;
    const waitMs = pollMs / QUESTIONS_A_POLL;
    const prefix = artifactKey.podOutput(settings.outputPrefix, claim.jobId);
    const tell = rising(progress);
    const alive = setInterval(() => tell(0), ALIVE_MS);
    const run: RunOnPod = {
      ...{ room, jobId: claim.jobId, seconds: settings.seconds, pollMs },
      look: manifestIn(here.store, { prefix, jobId: claim.jobId }),
      progress: tell,
    };
    const busy = new Map<string, number>();
    const aloneMs = (seconds = settings.pollSeconds) => Math.max(waitMs, Math.min(MOST_ALONE_SECONDS, seconds) * 1_000);
    try {
      for (let lost = 0; lost < MOST_LOST; ) {
        const before = await whereItIs(run, signal);
        if (before?.finished) return { ...before.finished, response: null, pod: before.pod?.host ?? UNKNOWN };
        // Ours to hold even if somebody else has been given it meanwhile: he is told that it is busy.
        if (before) await takeOne(api, { claim, pods: [before.pod] }, signal);
        const pod = before?.pod ?? (await choosePod(room, { api, claim, busy, waitMs }, signal));
        const asked = before ? undefined : await podRun(here, { jobId: claim.jobId, prefix, wish });
        const end = await seeThrough(run, { pod, asked }, signal);
        if (end.how === 'finished') return { ...end.finished, response: end.response, pod: pod.host };
        if (end.how === 'busy') busy.set(pod.url, Date.now() + aloneMs(end.retryAfterSeconds));
        else room.did(pod, 'badly');
        if (end.how === 'lost') lost++;
      }
      throw new Failure(
        'pod_failed',
        `pods have lost this run ${MOST_LOST} times: look at their memory, and at the input`,
      );
    } finally {
      clearInterval(alive);
    }
  },
});

/** The manifest was there, and does not say who wrote it. */
const UNKNOWN = 'unknown';

/** A pod that is just up fetches it at once; one that is busy with something else first, within its time. */
const LINK_SECONDS_MORE = 600;

/** What a pod is told. */
async function podRun(
  { store, inputs, settings }: PodsPlace,
  { jobId, prefix, wish }: { jobId: string; prefix: string; wish: PodWish },
): Promise<PodRun> {
  const { inputKey, sourceLang, targetLang, dubbing, hlsSegment } = wish;
  if (!(await inputs.head(inputKey)))
    throw new Failure('source_missing', `there is no ${inputKey} in the input bucket; put it there and retry`);
  const seconds = Math.ceil(settings.seconds) + LINK_SECONDS_MORE;
  return {
    job_id: jobId,
    s3_input_key: inputs.outside(inputKey).key,
    input_url: await inputs.linkTo(inputKey, { method: 'GET', seconds }),
    s3_output_prefix: store.outside(prefix).key,
    source_lang: sourceLang,
    target_lang: targetLang,
    enable_dubbing: dubbing,
    hls_segment: hlsSegment,
  };
}
