import type { Ability } from '@reverie/contracts';
import type { z } from 'zod';
import type { FanOut, Stage, Step } from './stage.ts';

/** A stage that needs what neither the input nor an earlier stage gives turns into this, and the list does not compile. */
interface Misplaced<Name, Missing> {
  'this stage needs what nothing before it gives': Missing;
  stage: Name;
}

type NeedsOf<S> =
  S extends Step<infer N, z.ZodObject>
    ? z.infer<N>
    : S extends FanOut<infer N, z.ZodObject, z.ZodType, z.ZodObject>
      ? z.infer<N>
      : never;
type GivesOf<S> = S extends { gives: infer G extends z.ZodObject } ? z.infer<G> : never;

type InOrder<Have, Stages extends readonly unknown[]> = Stages extends readonly [infer S, ...infer Rest]
  ? Have extends NeedsOf<S>
    ? readonly [S, ...InOrder<Have & GivesOf<S>, Rest>]
    : readonly [Misplaced<S extends { name: infer N } ? N : never, Exclude<keyof NeedsOf<S>, keyof Have>>, ...Rest]
  : readonly [];

export interface Pipeline<Input extends z.ZodObject = z.ZodObject> {
  name: string;
  /** One line for the docs and the OpenAPI document. */
  summary: string;
  input: Input;
  stages: readonly Stage[];
  /** What an installation must be able to do for this input. */
  requires?(input: z.infer<Input>): Requirement[];
  /** Results of the same input are used again while this number is the same. Absent: nothing is. */
  cacheVersion?: number;
}

export interface Requirement {
  ability: Ability;
  /** The input's field that asks for it. */
  field: string;
  /** Where the ability is missing these stages are left out; without any, the job is refused. */
  leaveOut?: readonly string[];
}

/** An input schema and an ordered list of stages. */
export const pipeline = <Input extends z.ZodObject, const Stages extends readonly Stage[]>(definition: {
  name: string;
  summary: string;
  input: Input;
  stages: Stages & InOrder<z.infer<Input>, Stages>;
  requires?(input: z.infer<Input>): Requirement[];
  cacheVersion?: number;
}): Pipeline<Input> => definition as unknown as Pipeline<Input>;

/** The earlier stages whose results this one needs: it starts when they have all ended well. */
export function dependencies(of: Pipeline, stage: Stage): Stage[] {
  const needs = Object.keys(stage.needs.shape);
  const before = of.stages.slice(0, of.stages.indexOf(stage));
  return before.filter((earlier) => Object.keys(earlier.gives.shape).some((given) => needs.includes(given)));
}

/** Stages that are not finished or started, and whose dependencies are finished: what comes next. */
export const ready = (of: Pipeline, finished: ReadonlySet<string>, started: ReadonlySet<string>): Stage[] =>
  of.stages.filter(
    (stage) =>
      !finished.has(stage.name) &&
      !started.has(stage.name) &&
      dependencies(of, stage).every((dependency) => finished.has(dependency.name)),
  );

export const stageOf = (of: Pipeline, name: string): Stage | undefined =>
  of.stages.find((stage) => stage.name === name);
