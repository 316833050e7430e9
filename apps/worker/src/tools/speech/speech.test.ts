import { existsSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { speechBooth, TEXTS } from '../../../../../test/support/speech-booth.ts';
import { listen } from './listen.ts';
import { timeline } from './timeline.ts';

const booth = await speechBooth();
const espeakPath = ['/usr/bin/espeak-ng', '/usr/local/bin/espeak-ng', '/opt/homebrew/bin/espeak-ng'].find(existsSync);
const espeak = () => booth.speech({ espeakPath });

describe('where there is no voice', () => {
  test('a soundscape plays for as long as it takes to read, neither silent nor clipping', async () => {
    const { file, duration, provider, cost } = await booth.narrate(booth.speech());
    expect({ provider, cost }).toEqual({ provider: 'offline', cost: 0 });
    expect(45 / duration).toBeGreaterThan(2);
    expect(45 / duration).toBeLessThan(3.2);
    const { mean, max } = await booth.levels(file);
    expect(mean).toBeGreaterThan(-32);
    expect(mean).toBeLessThan(-14);
    expect(max).toBeLessThan(-0.9);
  });

  test('the same dream sounds the same, another one different', async () => {
    const bytes = async (texts: string[]) => {
      const { audio } = await booth.narrate(booth.speech(), texts);
      return buffer((await booth.store.get(audio.key))!);
    };
    const [once, again, other] = [await bytes(['A boat.']), await bytes(['A boat.']), await bytes(['A door.'])];
    expect(once.equals(again)).toBe(true);
    expect(once.equals(other)).toBe(false);
  });

  test('a long dream has chords to its end', async () => {
    const { file, duration } = await booth.narrate(
      booth.speech(),
      Array(12).fill('It went on and on, through room after room after room.'),
    );
    expect(duration).toBeGreaterThan(34);
    await booth.ffmpeg('-v', 'error', '-sseof', '-6', '-t', '3', '-i', file, '-y', 'end.wav');
    expect((await booth.levels('end.wav')).mean).toBeGreaterThan(-32);
  });
});

describe.skipIf(!espeakPath)(`read by espeak-ng${espeakPath ? '' : ' (skipped: it is not installed here)'}`, () => {
  test('is heard when the words say so', async () => {
    const told = await booth.narrate(espeak());
    expect(told).toMatchObject({ provider: 'espeak-ng', cost: 0 });
    const { mean, max } = await booth.levels(told.file);
    expect(mean).toBeGreaterThan(-30);
    expect(max).toBeLessThan(-0.9);

    // The soundscape hides the silences; the track before it was laid under has them.
    await booth.ffmpeg('-v', 'error', '-f', 's16le', '-ar', '48000', '-ac', '1', '-i', 'voice.pcm', '-y', 'voice.wav');
    const here = { ffmpegPath: booth.ffmpegPath, cwd: booth.path(), signal: booth.signal };
    const { speech, silences } = await listen({ wav: 'voice.wav', pcm: 'again.pcm' }, here);
    const words = told.scenes.map((scene) => scene.words);
    expect(speech!.start).toBeCloseTo(words[0]![0]!.start, 1);
    expect(speech!.end).toBeCloseTo(words.at(-1)!.at(-1)!.end, 1);
    for (const [i, next] of words.slice(1).entries()) {
      const rest = { start: words[i]!.at(-1)!.end, end: next[0]!.start };
      expect(silences.some((silence) => near(silence.start, rest.start) && near(silence.end, rest.end))).toBe(true);
    }
    // The comma after "grass" is heard where the words have it.
    const [grass, and] = words[0]!.slice(8);
    expect(grass!.text).toBe('grass,');
    expect(silences.some((silence) => near(silence.start, grass!.end) && near(silence.end, and!.start))).toBe(true);
  });

  test.each([
    ['options and paths', ['-w /tmp/x --stdout', '/etc/passwd', '--help']],
    ['phonemes and markup', ['[[h@l@U]] <voice name="x"/> & so on', '$(touch x) `id`']],
    ['other scripts', ['我梦见自己在海上行走。', '夜の海。', 'ночью я шёл', 'مشيت على الماء', 'חלמתי']],
    ['what cannot be said', ['🌊🌙', '…', '\u200b']],
    ['one very short word', ['I', 'x']],
  ])('speaks or shows %s', async (_name, texts) => {
    await booth.narrate(espeak(), texts);
  });

  test('stops at once when it is told to', async () => {
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    const telling = espeak().narrate(Array(60).fill(TEXTS.join(' ')), { key: 'jobs/never.wav' }, cancel.signal);
    setTimeout(() => cancel.abort(reason), 400);
    const started = Date.now();
    await expect(telling).rejects.toBe(reason);
    expect(Date.now() - started).toBeLessThan(1_500);
    expect(await booth.store.head('jobs/never.wav')).toBeUndefined();
  });
});

const near = (a: number, b: number) => Math.abs(a - b) < 0.06;

test('a scene of one short word still lasts long enough to be seen', () => {
  const line = (scene: number) => ({ scene, seconds: 0.3, words: [{ text: 'I', start: 0, end: 0.3 }] });
  const { scenes, duration, starts } = timeline(['I', 'I'], [line(0), line(1)]);
  expect(scenes.map(({ start, end }) => [start, end])).toEqual([
    [0, 2.5],
    [2.5, 5],
  ]);
  expect({ duration, starts }).toEqual({ duration: 5, starts: [0.5, 2.675] });
});
