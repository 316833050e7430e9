import { expect, test } from 'vitest';
import { pictureGraph } from './graph.ts';
import { MOODS, moodFor } from './moods.ts';
import { dice } from './seed.ts';

test.each([
  ['I walked in a dark FOREST by the sea', 3],
  ['the sea was calm', 2],
  ['snowflakes over mountains', 5],
  ['flying', 7],
])('%j has the mood of its first word that has one', (prompt, index) => {
  expect(moodFor(prompt, dice(1))).toBe(MOODS[index]);
});

test('a prompt that says nothing gets a mood by chance, and there are ten', () => {
  const moods = new Set(Array.from({ length: 200 }, (_, seed) => moodFor('xyz', dice(seed))));
  expect(moods.size).toBe(10);
});

test('no text of a prompt gets into the graph', () => {
  const graph = pictureGraph({ prompt: `';movie=/etc/passwd[x] fire`, style: 'evilstyle', seed: 1, aspect: '16:9' });
  expect(graph).not.toMatch(/movie|passwd|evil/);
});

test('the same wish is the same graph; another seed, prompt or aspect is another', () => {
  const wish = { prompt: 'a city', seed: 1, aspect: '16:9' } as const;
  const graphs = [wish, { ...wish, seed: 2 }, { ...wish, prompt: 'the city' }, { ...wish, aspect: '1:1' as const }];
  expect(pictureGraph(wish)).toBe(pictureGraph({ ...wish }));
  expect(new Set(graphs.map(pictureGraph)).size).toBe(4);
});
