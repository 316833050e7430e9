/** A place to cut, in seconds from the first frame. */
interface Place {
  at: number;
}

/** Of the clean cuts the nearest to every multiple of the wished length, each once; none where the beginning or the end is nearer. */
export function chooseCuts<Cut extends Place>(
  cuts: readonly Cut[],
  { wish, total }: { wish: number; total: number },
): Cut[] {
  const chosen: Cut[] = [];
  let next = 0;
  for (let k = 1; k * wish < total; k++) {
    // Walks on while the following one is nearer; it never needs to walk back.
    while (next + 1 < cuts.length && distance(cuts[next + 1]!, k * wish) < distance(cuts[next]!, k * wish)) next++;
    const cut = cuts[next];
    if (!cut || cut === chosen.at(-1)) continue;
    if (distance(cut, k * wish) < Math.min(k * wish, total - k * wish)) chosen.push(cut);
  }
  return chosen;
}

const distance = ({ at }: Place, wished: number) => Math.abs(at - wished);

/** A stretch may be so many times as long as wished, or so many seconds. Encoders put ten seconds between keyframes if left alone. */
const LONGEST = { times: 3, seconds: 15 };

/** Whether these cuts leave a stretch that is far longer than wished. */
export function areSeldom(cuts: readonly Place[], { wish, total }: { wish: number; total: number }): boolean {
  const edges = [...cuts.map(({ at }) => at), total];
  const longest = Math.max(...edges.map((edge, i) => edge - (edges[i - 1] ?? 0)));
  return longest > Math.max(LONGEST.times * wish, LONGEST.seconds);
}
