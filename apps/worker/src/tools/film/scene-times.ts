import type { SpokenScene } from '@reverie/pipelines';

/** How long one picture takes to become the next. */
const CROSSFADE_SECONDS = 0.6;

/** When a picture is seen, in frames of the film: it fades in over `fadeFrames` on top of the one before. */
export interface Shot {
  startFrame: number;
  frames: number;
  fadeFrames: number;
}

/**
 * One shot a scene. A cut lies in the silence between two scenes, the crossfade around it. Together they are exactly as
 * long as the narration, whatever it says of its scenes: times out of order are put in order.
 */
export function sceneTimes(
  scenes: readonly Pick<SpokenScene, 'start' | 'end'>[],
  duration: number,
  fps: number,
): Shot[] {
  const total = Math.max(1, Math.round(duration * fps));
  const cuts = [0];
  for (let i = 1; i < scenes.length; i++) {
    const wished = Math.round(((scenes[i - 1]!.end + scenes[i]!.start) / 2) * fps);
    // Every scene is seen for a frame at least, the ones still to come too.
    cuts.push(Math.max(cuts[i - 1]! + 1, Math.min(wished, total - (scenes.length - i))));
  }
  cuts.push(total);
  const lengths = scenes.map((_, i) => cuts[i + 1]! - cuts[i]!);
  const fades = scenes.map((_, i) => {
    if (i === 0) return 0;
    const room = Math.min(lengths[i - 1]!, lengths[i]!) / 2;
    return 2 * Math.floor(Math.min(CROSSFADE_SECONDS * fps, room) / 2);
  });
  return scenes.map((_, i) => {
    const startFrame = cuts[i]! - fades[i]! / 2;
    const endFrame = cuts[i + 1]! + (fades[i + 1] ?? 0) / 2;
    return { startFrame, frames: endFrame - startFrame, fadeFrames: fades[i]! };
  });
}

/** Shots that are put together by one command. */
export interface Part {
  first: number;
  last: number;
  startFrame: number;
  endFrame: number;
}

/** Every picture of a command takes some 40 MB until its end, so that long films are made in several. */
const MOST_SHOTS = 8;

/** Parts of about the same number of shots; each begins just after a crossfade. */
export function partsOf(shots: readonly Shot[]): Part[] {
  const count = Math.ceil(shots.length / MOST_SHOTS);
  const firsts = Array.from({ length: count }, (_, k) => Math.round((k * shots.length) / count));
  return firsts.map((first, k) => {
    const last = (firsts[k + 1] ?? shots.length) - 1;
    const startFrame = shots[first]!.startFrame + shots[first]!.fadeFrames;
    return { first, last, startFrame, endFrame: shots[last]!.startFrame + shots[last]!.frames };
  });
}
