import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generated } from '../../scripts/docs/generated.ts';
import { variableGroups } from '../../scripts/docs/variables.ts';

const documents = await generated();

test.each(Object.keys(documents))('%s is up to date; if not: npm run docs', (file) => {
  expect(existsSync(file), `${file} is missing; run: npm run docs`).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe(documents[file]);
});

test('the documents say the same on every machine', () => {
  const { HOME = '/root' } = process.env;
  for (const [file, content] of Object.entries(documents)) expect(content, file).not.toContain(`${HOME}/`);
});

test('a default is what one would write, not how it is held', () => {
  for (const { name, value, shown } of variableGroups().flatMap(({ variables }) => variables)) {
    expect(value ?? '', name).not.toContain('[object');
    expect(shown, name).not.toBe('``');
  }
});

test('every variable says what it is for', () => {
  const silent = variableGroups().flatMap(({ variables }) => variables.filter(({ purpose }) => purpose === ''));
  expect(silent).toEqual([]);
});
