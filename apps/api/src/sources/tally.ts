/** What became of what a source brought. `skipped`: it was none of ours; `rejected`: it could not be taken. */
export type Outcome = 'accepted' | 'known' | 'skipped' | 'rejected';

/** What sources have brought since this process started, for Prometheus. */
export function makeTally() {
  const counts = new Map<string, { source: string; outcome: Outcome; total: number }>();
  return {
    count(source: string, outcome: Outcome, times = 1): void {
      const name = `${source} ${outcome}`;
      const { total } = counts.get(name) ?? { total: 0 };
      counts.set(name, { source, outcome, total: total + times });
    },
    read: () => [...counts.values()],
  };
}
export type Tally = ReturnType<typeof makeTally>;
