/** How a pod goes about one run. `late` ones outlive the caller's patience, and every DELETE. */
export type Behaviour =
  | 'well'
  | '500'
  | '500 after finishing'
  | 'hang'
  | 'hang after finishing'
  | 'drop after finishing'
  | 'drop and go on'
  | 'restart'
  /** As behind a proxy: the line holds, and nobody knows of the run any more. */
  | 'forget'
  | 'late'
  | 'lie without manifest'
  | 'lie of another job'
  | 'lie about files'
  | 'half manifest, then whole'
  | 'half manifest';

const WASTEFUL: ReadonlySet<Behaviour> = new Set([
  ...(['500', 'hang', 'restart', 'forget', 'half manifest'] as const),
  ...(['lie without manifest', 'lie of another job', 'lie about files'] as const),
]);

/** What the GPUs of all pods did: kept outside of pods, which forget. */
export interface PodLedger {
  /** `needed`: one, and one more for each run that was wasted by the pod's own fault. */
  jobs: Map<string, { begun: number; needed: number }>;
  /** How often a pod was asked for a run while it was at another job's, by how it went about that one. */
  clashes: Map<Behaviour, number>;
  /** Which run of the job it is, counted from 1. */
  begins(jobId: string): number;
  goesAbout(jobId: string, behaviour: Behaviour): void;
  clashesWith(behaviour: Behaviour): void;
}

export function podLedger(): PodLedger {
  const jobs: PodLedger['jobs'] = new Map();
  const clashes: PodLedger['clashes'] = new Map();
  return {
    ...{ jobs, clashes },
    begins(jobId) {
      const { begun, needed } = jobs.get(jobId) ?? { begun: 0, needed: 1 };
      jobs.set(jobId, { begun: begun + 1, needed });
      return begun + 1;
    },
    goesAbout(jobId, behaviour) {
      if (WASTEFUL.has(behaviour)) jobs.get(jobId)!.needed++;
    },
    clashesWith: (behaviour) => void clashes.set(behaviour, (clashes.get(behaviour) ?? 0) + 1),
  };
}
