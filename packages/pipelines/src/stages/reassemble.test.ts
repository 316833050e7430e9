import { expect, test } from 'vitest';
import type { Context } from '../stage.ts';
import { reassemble } from './reassemble.ts';

test('segments of two models are not joined', async () => {
  const file = { key: 'a.mp4', bytes: 1, contentType: 'video/mp4' };
  const made = (model: string) => ({ file, output: file, seconds: 2, frames: 50, begins: 0, model });
  const joined: unknown[] = [];
  const segments = { join: async (parts: unknown) => ({ video: joined.push(parts) }) };
  const context = { tools: { segments }, jobId: 'job' } as unknown as Context;
  const run = (...models: string[]) => reassemble.run({ modelled: models.map(made), sound: null, late: 0 }, context);
  await expect(run('http', 'stereo-shift', 'http')).rejects.toMatchObject({
    code: 'not_configured',
    message: expect.stringContaining('http made 2, such as segment 0; stereo-shift made 1, such as segment 1'),
  });
  await run('http', 'http');
  expect(joined).toHaveLength(1);
});
