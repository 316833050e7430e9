import { z } from 'zod';

/** Every error answer of the API: RFC 9457. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What happened and what to do next'),
    instance: z.string().optional(),
    code: z.string().describe('Stable and short, for programs'),
    errors: z
      .array(z.object({ pointer: z.string().describe('JSON pointer of the bad field'), detail: z.string() }))
      .optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
