import type { Joint } from './lay-out.ts';
import type { SoundSpan } from './sound-spans.ts';

/** A part, and what one of its tracks covers. */
export interface Sounding {
  joint: Joint;
  span: SoundSpan | undefined;
}

/** Parts whose sound is one stream of packets, only cut; it fills the whole from `at` to `until`. */
export interface SoundRun {
  parts: { joint: Joint; span: SoundSpan }[];
  at: number;
  until: number;
}

/** A fifth of the shortest packet there is. */
const SEAMLESS_SECONDS = 0.002;

/**
 * Sound that was cut between its packets goes on at every joint, and is decoded in one go: a packet decoded by itself lacks
 * half of what it overlaps with. Sound that was encoded for each part begins and ends there.
 */
export function soundRuns(all: readonly Sounding[], seconds: number): SoundRun[] {
  const runs: SoundRun[] = [];
  for (const { joint, span } of all) {
    if (!span) continue;
    const last = runs.at(-1);
    const before = last?.parts.at(-1);
    if (last && before && goesOn(before, { joint, span })) last.parts.push({ joint, span });
    else runs.push({ parts: [{ joint, span }], at: joint.at, until: seconds });
  }
  runs.forEach((run, i) => {
    if (i === 0) run.at = 0;
    run.until = runs[i + 1]?.at ?? seconds;
  });
  return runs;
}

interface WithSpan {
  joint: Joint;
  span: SoundSpan;
}

const goesOn = (one: WithSpan, next: WithSpan): boolean =>
  JSON.stringify(formOf(one)) === JSON.stringify(formOf(next)) &&
  Math.abs(placeOf(one, one.span.end) - placeOf(next, next.span.start)) < SEAMLESS_SECONDS;

const formOf = ({ span: { track }, joint }: WithSpan) => {
  const { index, codec_name, sample_rate, channels, time_base, extradata_hash } = track;
  return [index, joint.probe.streams.length, codec_name, sample_rate, channels, time_base, extradata_hash];
};

/** When something on a part's own clock is in the whole. */
export const placeOf = ({ joint }: { joint: Joint }, time: number): number =>
  joint.at + joint.begins + time - joint.start;
