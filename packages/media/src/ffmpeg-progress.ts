/** Reads the lines of `-progress pipe:1` and tells percent of a known duration: 0 to 100, never backwards. */
export function percentOf(seconds: number, tell: (percent: number) => void): (line: string) => void {
  let last = -1;
  return (line) => {
    const at = /^out_time_(?:us|ms)=(\d+)/.exec(line); // both are microseconds: the second name is an old mistake
    const done = line === 'progress=end';
    if (!at && !done) return;
    const percent = done ? 100 : Math.min(100, Math.floor(Number(at![1]) / 10_000 / Math.max(seconds, 0.001)));
    if (percent <= last) return;
    last = percent;
    tell(percent);
  };
}
