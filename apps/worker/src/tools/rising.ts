/**
 * The watchdog takes a higher figure for a sign of life, and nothing else. What begins anew, or does not know how long it
 * has to go, creeps on below the next figure that means something.
 */
export function rising(tell: (percent: number) => void): (percent: number) => void {
  let highest = 0;
  return (percent) => {
    highest = percent > highest ? percent : highest + (100 - highest) * CREEP;
    tell(highest);
  };
}

/** Millions of steps pass before it is a percent. */
const CREEP = 1e-9;

/** How far a download is, between 0 and 1; where nobody says how long it is, it comes closer and closer to the end. */
export const share = (have: number, bytes: number | undefined): number =>
  bytes ? Math.min(1, have / bytes) : have / (have + HALF_WAY_BYTES);

const HALF_WAY_BYTES = 100 * 2 ** 20;
