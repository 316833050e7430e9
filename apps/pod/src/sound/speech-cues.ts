import type { Segment, Span } from '@reverie/contracts';

/** Shorter sounds are a door or a cough. */
const SHORTEST_SECONDS = 0.2;
/** A longer cue would say nothing of when. */
const LONGEST_SECONDS = 10;

/** Cues that tell when somebody speaks, each labelled as what it is: nobody shall take them for a transcript. */
export function speechCues(rests: readonly Span[], seconds: number): Segment[] {
  const edges = [0, ...rests.flatMap(({ start, end }) => [start, end]), seconds];
  const spans = edges.flatMap((start, i) => (i % 2 === 0 ? [{ start, end: edges[i + 1]! }] : []));
  return spans
    .filter(({ start, end }) => end - start >= SHORTEST_SECONDS)
    .flatMap(evenly)
    .map(({ start, end }, i) => ({
      ...{ start: thousandth(start), end: thousandth(end) },
      text: `[speech ${i + 1}, ${clock(start)}–${clock(end)} — no transcription configured]`,
    }));
}

function evenly({ start, end }: Span): Span[] {
  const parts = Math.ceil((end - start) / LONGEST_SECONDS);
  const at = (part: number) => start + ((end - start) * part) / parts;
  return Array.from({ length: parts }, (_, i) => ({ start: at(i), end: at(i + 1) }));
}

const thousandth = (seconds: number) => Math.round(seconds * 1_000) / 1_000;

/** 3725 → 1:02:05; 65 → 01:05 */
function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  return `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(whole % 60)}`;
}
