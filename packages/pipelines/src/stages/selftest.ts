import { Artifact, Failure } from '@reverie/contracts';
import { z } from 'zod';
import { fanOut, step } from '../stage.ts';

const Digest = z.object({ sha256: z.string() });

export const write = step({
  name: 'write',
  fleet: 'io',
  needs: z.object({ bytes: z.int() }),
  gives: z.object({ file: Artifact, expected: Digest }),
  async run({ bytes }, { tools, signal, key }) {
    const file = await tools.files.fill(key('file.bin'), bytes, signal);
    return { file, expected: await tools.files.digest(file, signal) };
  },
});

export const read = fanOut({
  name: 'read',
  fleet: 'cpu',
  weight: 4,
  needs: z.object({ file: Artifact, parts: z.int(), seconds: z.number() }),
  gives: z.object({ digests: z.array(Digest) }),
  item: z.int(),
  part: Digest,
  split: ({ parts }) => Array.from({ length: parts }, (_, index) => index),
  async run(_index, { file, seconds }, { tools, signal, progress }) {
    const ticks = Math.ceil(seconds * 4);
    for (let tick = 1; tick <= ticks; tick++) {
      await pause((seconds * 1000) / ticks, signal);
      progress((tick / ticks) * 100);
    }
    return tools.files.digest(file, signal);
  },
  join: (digests) => ({ digests }),
});

export const check = step({
  name: 'check',
  fleet: 'io',
  needs: z.object({ expected: Digest, digests: z.array(Digest) }),
  gives: z.object({ reads: z.int() }),
  async run({ expected, digests }) {
    const wrong = digests.findIndex(({ sha256 }) => sha256 !== expected.sha256);
    if (wrong >= 0)
      throw new Failure('output_rejected', `part ${wrong} read other bytes than were written: look at the store`);
    return { reads: digests.length };
  },
});

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
