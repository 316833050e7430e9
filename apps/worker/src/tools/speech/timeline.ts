import type { SpokenScene, SpokenWord } from '@reverie/pipelines';

/** Seconds of quiet in a narration. */
const LEAD_IN = 0.5;
const BETWEEN_SCENES = 0.35;
const BETWEEN_LINES = 0.25;
const TAIL = 0.9;
/** However little is said: the film fades from scene to scene, and the picture wants to be seen. */
const SHORTEST_SCENE = 2.5;

/** Something said in one go, its words timed from its own beginning. */
export interface Line {
  scene: number;
  seconds: number;
  words: SpokenWord[];
}

/** When every line begins, and what that makes of the scenes: they cover 0 to `duration`, each ends where the next begins. */
export function timeline(
  texts: string[],
  lines: Line[],
): { starts: number[]; scenes: SpokenScene[]; duration: number } {
  const starts: number[] = [];
  const begins = [0];
  let at = LEAD_IN;
  for (const [i, { seconds, scene }] of lines.entries()) {
    if (scene === lines[i - 1]?.scene) at += BETWEEN_LINES;
    else if (i > 0) {
      const begin = Math.max(at + BETWEEN_SCENES / 2, begins.at(-1)! + SHORTEST_SCENE);
      begins.push(begin);
      at = begin + BETWEEN_SCENES / 2;
    }
    starts.push(at);
    at += seconds;
  }
  const duration = Math.max(at + TAIL, begins.at(-1)! + SHORTEST_SCENE);

  const scenes = texts.map((text, scene) => ({
    text,
    start: thousandth(begins[scene]!),
    end: thousandth(begins[scene + 1] ?? duration),
    words: lines.flatMap((line, i) =>
      line.scene !== scene
        ? []
        : line.words.map(({ text, start, end }) => ({
            text,
            start: thousandth(starts[i]! + start),
            end: thousandth(starts[i]! + end),
          })),
    ),
  }));
  return { starts, scenes, duration: thousandth(duration) };
}

const thousandth = (seconds: number) => Math.round(seconds * 1_000) / 1_000;
