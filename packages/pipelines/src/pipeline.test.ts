import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dream } from './dream.ts';
import { PIPELINES } from './list.ts';
import { dependencies, pipeline, ready } from './pipeline.ts';
import { step } from './stage.ts';

const number = z.object({ n: z.number() });
const first = step({ name: 'first', fleet: 'cpu', needs: z.object({}), gives: number, run: async () => ({ n: 1 }) });
const second = step({
  name: 'second',
  fleet: 'cpu',
  needs: number,
  gives: z.object({ m: z.number() }),
  run: async ({ n }) => ({ m: n }),
});

describe('a pipeline', () => {
  test('F27: with its stages in a wrong order does not compile', () => {
    const input = z.object({});
    pipeline({ name: 'right', summary: '', input, stages: [first, second] });
    // @ts-expect-error second needs what only first gives
    pipeline({ name: 'wrong', summary: '', input, stages: [second, first] });
    // @ts-expect-error nobody gives n
    pipeline({ name: 'alone', summary: '', input, stages: [second] });
    pipeline({ name: 'given', summary: '', input: number, stages: [second] });
  });

  const stage = (name: string) => dream.stages.find((it) => it.name === name)!;
  const names = (stages: { name: string }[]) => stages.map(({ name }) => name);

  test('knows what a stage waits for by what it needs', () => {
    expect(names(dependencies(dream, stage('storyboard')))).toEqual([]);
    expect(names(dependencies(dream, stage('preview')))).toEqual(['storyboard', 'pictures', 'narration']);
    expect(names(dependencies(dream, stage('film')))).toContain('preview');
  });

  test('runs side by side what does not need each other’s result', () => {
    const after = (...finished: string[]) => names(ready(dream, new Set(finished), new Set(finished)));
    expect(after()).toEqual(['storyboard']);
    expect(after('storyboard')).toEqual(['pictures', 'narration']);
    expect(after('storyboard', 'pictures')).toEqual(['narration']);
    expect(after('storyboard', 'pictures', 'narration')).toEqual(['preview']);
    expect(after('storyboard', 'pictures', 'narration', 'preview')).toEqual(['film']);
  });

  test('of THE LIST has a name of its own, and so has every stage in it', () => {
    expect(new Set(names([...PIPELINES])).size).toBe(PIPELINES.length);
    for (const { stages } of PIPELINES) expect(new Set(names([...stages])).size).toBe(stages.length);
  });
});
