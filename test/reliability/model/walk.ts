import { type Rng, rngOf } from '../support/rng.ts';
import { ACTIONS, type Action, ALL_ACTIONS, openWorld } from './world.ts';

/** What happens, one after the other; what stands together happens at the same time. */
export type Sequence = readonly Action[][];

/** Every sequence of this length. */
export function* everySequence(length: number): Generator<Sequence> {
  if (length === 0) return yield [];
  for (const rest of everySequence(length - 1)) for (const action of ALL_ACTIONS) yield [...rest, [action]];
}

/** Some of up to `longest` steps; in every fourth step two things happen at once. */
export function* someSequences(
  seed: number,
  { count, longest }: { count: number; longest: number },
): Generator<Sequence> {
  const random = rngOf(seed);
  for (let nth = 0; nth < count; nth++) {
    const length = random.int(1, longest);
    yield Array.from({ length }, () => (random.chance(0.25) ? [any(random), any(random)] : [any(random)]));
  }
}

/** Workers act more often than anybody cancels: otherwise most jobs end before anything happens to them. */
const OFTEN: Action[] = [...ALL_ACTIONS, 'a', 'a', 'b', 'b', 's', 'f'];
const any = (random: Rng): Action => random.pick(OFTEN);

/** Lets every sequence happen to a job of its own, several databases side by side. Says how many, or what went wrong first. */
export async function walk(
  databases: string[],
  { pipeline, sequences }: { pipeline: string; sequences: Iterable<Sequence> },
): Promise<{ sequences: number; actions: number; states: number }> {
  const told = sequences[Symbol.iterator]();
  const done = { sequences: 0, actions: 0 };
  const finished = new Set<string>();
  const lane = async (url: string) => {
    const world = openWorld(url);
    try {
      for (let next = told.next(); !next.done; next = told.next()) {
        const job = await world.begin(pipeline);
        for (const [index, actions] of next.value.entries()) {
          const wrong = await job.act(...actions);
          if (wrong.length > 0) throw new Error(story(next.value.slice(0, index + 1), wrong));
        }
        // A state that was brought to its end once need not be again.
        const state = job.state();
        const wrong = finished.has(state) ? [] : await job.driveHome();
        if (wrong.length > 0) throw new Error(story(next.value, ['then, brought to its end:', ...wrong]));
        finished.add(state);
        await job.end();
        done.sequences += 1;
        done.actions += next.value.length;
      }
    } finally {
      await world.close();
    }
  };
  await Promise.all(databases.map(lane));
  return { ...done, states: finished.size };
}

const story = (sequence: Sequence, wrong: string[]): string =>
  [
    ...sequence.map((actions) => actions.map((action) => `${action}: ${ACTIONS[action]}`).join(' | ')),
    '',
    ...wrong,
  ].join('\n');
