import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Listener, run } from '@reverie/media';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ffmpegForTests } from '../../../../test/support/ffmpeg.ts';
import { wishFor } from '../../../../test/support/reference-pod.ts';
import type { Bench } from '../bench.ts';
import { listen } from './listen.ts';

const { ffmpegPath } = await ffmpegForTests();
const signal = new AbortController().signal;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'listen-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Somebody who says how long what was heard is, and when it begins and ends. */
const listener = (languages: string[]): Listener => ({
  name: 'somebody',
  listen: async ({ seconds }) => ({
    language: languages.shift() ?? 'unknown',
    segments: [
      { start: 0.25, end: 1.25, text: `of ${Math.round(seconds)} s` },
      { start: seconds - 1, end: seconds + 20, text: 'the end' },
    ],
    provider: 'somebody',
    cost: 0.5,
  }),
});

test('a long recording is cut where nobody speaks, and what is heard in its pieces is put together', async () => {
  // Eleven minutes; a rest of two seconds after nine.
  const hum = "sine=f=200:r=16000:d=660,volume='1-between(t,540,542)':eval=frame";
  const command = ['-v', 'error', '-f', 'lavfi', '-i', hum, '-c:a', 'flac', 'sound.flac'];
  await run(ffmpegPath, command, { cwd: dir, signal });
  const rests = [{ start: 540, end: 542 }];
  const percents: number[] = [];
  const heard = await listen(
    { file: 'sound.flac', seconds: 660, rests },
    wishFor('a', { target_lang: null }),
    { ffmpegPath, listener: listener(['unknown', 'portuguese']) } as Bench,
    { dir, signal, progress: (percent) => percents.push(percent) },
  );
  expect(heard.cues.map(({ start, end }) => [start, end])).toEqual([
    [0.25, 1.25],
    [540, 541],
    [541.25, 542.25],
    [659, 660],
  ]);
  expect(heard).toMatchObject({ language: 'pt', sourceLanguage: 'pt', provider: 'somebody', cost: 1 });
  expect(percents).toEqual(percents.toSorted((a, b) => a - b));
});
