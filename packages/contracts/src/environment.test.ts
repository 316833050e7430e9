import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readEnvironment, variable } from './environment.ts';

const schema = z.object({
  PORT: variable(z.coerce.number().int().default(8000), 'the port'),
  S3_BUCKET: variable(z.string().optional(), 'the bucket', { aliases: ['AWS_S3_BUCKET'] }),
  REVERIE_MOOD: variable(z.enum(['calm', 'wild']).default('calm'), 'the mood'),
});
const read = (env: Record<string, string>) => readEnvironment(schema, env);

describe('the environment', () => {
  test('what is not set has its default, and empty is not set', () => {
    expect(read({})).toEqual({ PORT: 8000, REVERIE_MOOD: 'calm' });
    expect(read({ PORT: ' ', S3_BUCKET: '' })).toEqual({ PORT: 8000, REVERIE_MOOD: 'calm' });
  });
  test('a document’s name for the same thing is understood; the canonical one wins', () => {
    expect(read({ AWS_S3_BUCKET: 'a' }).S3_BUCKET).toBe('a');
    expect(read({ AWS_S3_BUCKET: 'a', S3_BUCKET: 'b' }).S3_BUCKET).toBe('b');
  });
  test('all mistakes are told at once, by name, with what to do', () => {
    expect(() => read({ PORT: 'eighty', REVERIE_MOOD: 'sad', REVERIE_MODO: 'calm' })).toThrow(
      /PORT: .*\n.*REVERIE_MOOD: .*calm.*\n.*REVERIE_MODO: there is no such variable, did you mean REVERIE_MOOD\?/,
    );
  });
});
