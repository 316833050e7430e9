import { z } from 'zod';
import { pipeline } from './pipeline.ts';
import { check, read, write } from './stages/selftest.ts';

/** Goes once through everything an installation consists of, and costs next to nothing. */
export const selftest = pipeline({
  name: 'selftest',
  summary: 'Checks an installation: both fleets, the store, a fan-out, the reports',
  input: z.object({
    bytes: z.int().min(1).max(100_000_000).default(1_000).describe('Size of the file that is stored and read back'),
    parts: z.int().min(1).max(500).default(2).describe('Tasks that read it, on any workers'),
    seconds: z.number().min(0).max(600).default(0).describe('How long each of them takes'),
  }),
  stages: [write, read, check],
});
