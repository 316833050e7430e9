import type { Artifact, Span } from '@reverie/contracts';
import type { SoundWish } from '@reverie/pipelines';
import { beforeAll, describe, expect, test } from 'vitest';
import { AS_IT_IS, soundBooth } from '../../../../../test/support/sound-booth.ts';
import { ffmpegSound } from './sound.ts';

const booth = await soundBooth();
const sound = ffmpegSound(booth.here);

const lavfi = (graph: string) => ['-f', 'lavfi', '-i', graph];
/** 1 kHz at -10 dB, in bursts. */
const bursts = (spans: Span[], seconds: number) =>
  `aevalsrc='0.447*sin(2*PI*1000*t)*(${spans.map(({ start, end }) => `between(t,${start},${end})`).join('+')})':s=48000:d=${seconds}`;

let count = 0;
async function normalise(media: Artifact, wish: Partial<SoundWish>, told: number[] = []) {
  const key = `normalised-${++count}.flac`;
  const made = await sound.normalise(media, { ...AS_IT_IS, ...wish }, { key }, booth.running(told));
  return { ...made, file: booth.stored(made.audio), facts: await booth.facts(made.audio) };
}

describe('F31: what is wished changes, and nothing else', () => {
  let stereo: Artifact;
  beforeAll(async () => {
    const tones = 'aevalsrc=0.3*sin(2*PI*40*t)+0.3*sin(2*PI*1000*t)|0.3*sin(2*PI*40*t):s=44100:d=3';
    stereo = await booth.media('stereo.m4a', ...lavfi(tones));
  });

  test('no wish: FLAC of 16 bits, channels and rate as they were', async () => {
    const { facts, duration, audio } = await normalise(stereo, {});
    expect(facts).toMatchObject({ codec: 'flac', channels: 2, sample_rate: 44_100 });
    expect(audio.contentType).toBe('audio/flac');
    expect(duration).toBeCloseTo(3, 1);
    expect(duration).toBe(facts.duration);
  });

  test.each([
    [{ mono: true }, { channels: 1, sample_rate: 44_100 }],
    [{ sampleRate16k: true }, { channels: 2, sample_rate: 16_000 }],
    [
      { mono: true, sampleRate16k: true, highPass: true, removeNoise: true },
      { channels: 1, sample_rate: 16_000 },
    ],
  ])('%j', async (wish, expected) => {
    expect((await normalise(stereo, wish)).facts).toMatchObject(expected);
  });

  test.each([
    ['at the rate it has', {}],
    ['with everything else', { mono: true, sampleRate16k: true, removeNoise: true }],
  ])('high-pass %s: 40 Hz falls by 10 dB and more, 1 kHz stays', async (_how, more) => {
    const [without, withIt] = [await normalise(stereo, more), await normalise(stereo, { ...more, highPass: true })];
    const fell = async (band: string) =>
      (await booth.level(without.file, MIDDLE, band)) - (await booth.level(withIt.file, MIDDLE, band));
    expect(await fell('lowpass=f=60:poles=2,lowpass=f=60:poles=2,lowpass=f=60:poles=2')).toBeGreaterThan(10);
    expect(Math.abs(await fell('bandpass=f=1000:width_type=h:w=100'))).toBeLessThan(1);
  });

  test('mono: all channels are heard, and two loud ones do not clip', async () => {
    const both = lavfi('aevalsrc=0.99*sin(2*PI*500*t)|0.99*sin(2*PI*500*t):d=1');
    const loud = await booth.media('loud.wav', ...both, '-c:a', 'pcm_f32le');
    const { file } = await normalise(loud, { mono: true, removeNoise: true }); // in floating point, where sums do not stop at 1
    expect(await booth.peak(file)).toBeCloseTo(-0.1, 1);

    const six = 'aevalsrc=0|0|0|0|0|0.8*sin(2*PI*700*t):c=5.1:d=1'; // the last one behind on the right alone
    const surround = await normalise(await booth.media('six.wav', ...lavfi(six)), { mono: true });
    expect(surround.facts.channels).toBe(1);
    expect(await booth.peak(surround.file)).toBeGreaterThan(-25);
  });

  test('16 kHz: what it cannot hold is gone and does not come back as another tone', async () => {
    const high = await booth.media('high.wav', ...lavfi('sine=f=9000:r=48000:d=2'));
    const { file } = await normalise(high, { sampleRate16k: true });
    expect(await booth.level(file, MIDDLE)).toBeLessThan(-55);
  });
});

const MIDDLE = { start: 0.5, end: 1.5 };

describe('F31: noise', () => {
  const speaking = [
    { start: 2, end: 3 },
    { start: 4, end: 5 },
  ];
  test.each([0.003, 0.03, 0.1])('of amplitude %d falls by 6 dB and more, a voice stays within 2', async (amplitude) => {
    const noise = `anoisesrc=a=${amplitude}:r=48000:d=7:seed=5`;
    const mixed = ['-filter_complex', 'amix=2:normalize=0'];
    const noisy = await booth.media(`noisy-${amplitude}.wav`, ...lavfi(bursts(speaking, 7)), ...lavfi(noise), ...mixed);
    const wish = { mono: true, sampleRate16k: true };
    const [before, after] = [await normalise(noisy, wish), await normalise(noisy, { ...wish, removeNoise: true })];
    const fell = async (span: Span, band?: string) =>
      (await booth.level(before.file, span, band)) - (await booth.level(after.file, span, band));
    expect(await fell({ start: 5.3, end: 6.8 })).toBeGreaterThan(6);
    expect(Math.abs(await fell({ start: 4.2, end: 4.8 }, 'bandpass=f=1000:width_type=h:w=200'))).toBeLessThan(2);
    // The first rest may begin late: it takes a moment to hear what is noise.
    expectRests(after.rests.slice(1), restsBetween(speaking, 7).slice(1));
  });
});

const restsBetween = (spans: Span[], duration: number): Span[] =>
  [...spans, { start: duration, end: duration }].map(({ start }, i) => ({ start: spans[i - 1]?.end ?? 0, end: start }));

/** Each within 50 ms, none missing, none too many. */
function expectRests(found: Span[], real: Span[]) {
  expect(found.length).toBe(real.length);
  for (const [i, { start, end }] of real.entries()) {
    expect(Math.abs(found[i]!.start - start)).toBeLessThan(0.05);
    expect(Math.abs(found[i]!.end - end)).toBeLessThan(0.05);
  }
}

describe('C12: rests', () => {
  const speaking = [
    { start: 0.7, end: 2 },
    { start: 2.2, end: 3.1 }, // too short a pause before it
    { start: 3.5, end: 5 },
    { start: 6, end: 6.6 },
  ];
  const pauses = restsBetween([speaking[0]!, speaking[2]!, speaking[3]!], 8);
  pauses[1] = { start: 3.1, end: 3.5 };

  test.each([
    ['in a clear recording', 'anull', {}],
    ['in a quiet one', 'volume=-20dB', {}],
    ['at 44.1 kHz', 'aresample=44100', {}],
    ['in a noisy one that stays so', 'anull', { noise: 0.03 }],
  ])('%s', async (name, filter, { noise = 0 }: { noise?: number }) => {
    const mixed = ['-filter_complex', `[0][1]amix=2:normalize=0,${filter}`];
    const silence = noise ? `anoisesrc=a=${noise}:r=48000:d=8` : 'anullsrc=r=48000:d=8';
    const file = `rests ${name}.wav`.replaceAll(' ', '-');
    const media = await booth.media(file, ...lavfi(bursts(speaking, 8)), ...lavfi(silence), ...mixed);
    expectRests((await normalise(media, {})).rests, pauses);
  });

  test('none where there is none, and all of it where nothing is said', async () => {
    const tone = await booth.media('tone.wav', ...lavfi('sine=f=300:d=2'));
    expect((await normalise(tone, {})).rests).toEqual([]);
    const silence = await booth.media('silence.wav', ...lavfi('anullsrc=d=2'));
    expect((await normalise(silence, { removeNoise: true })).rests).toEqual([{ start: 0, end: 2 }]);
  });
});

describe('the times are those of the video', () => {
  const video = lavfi('color=s=64x64:r=10:d=6');
  const tone = lavfi('sine=f=1000:r=48000:d=3');

  test.each(['mp4', 'mkv', 'ts'])('where its sound begins 2 s late (%s)', async (container) => {
    const late = await booth.media(`late.${container}`, ...video, '-itsoffset', '2', ...tone, '-map', '0', '-map', '1');
    const { rests, duration } = await normalise(late, { mono: true, sampleRate16k: true, removeNoise: true });
    expect(Math.abs(rests[0]!.end - 2)).toBeLessThan(0.06);
    expect(duration).toBeCloseTo(5, 1);
  });

  test('where a second of it was lost', async () => {
    const gap = ['-filter_complex', "[1:a]aselect='not(between(t,1,1.999))'[a]", '-map', '0:v', '-map', '[a]'];
    const { rests } = await normalise(await booth.media('gap.mkv', ...video, ...tone, ...gap), {});
    expectRests(rests, [{ start: 1, end: 2 }]);
  });
});

test('of several tracks the one that players take, of none: media_no_audio', async () => {
  const tracks = ['-map', '0', '-map', '1', '-disposition:a:0', '0', '-disposition:a:1', 'default'];
  const two = await booth.media('two.mkv', ...lavfi('sine=f=300:d=1'), ...lavfi('sine=f=2000:d=1'), ...tracks);
  const { file } = await normalise(two, {});
  expect(await booth.level(file, { start: 0, end: 1 }, 'highpass=f=1500:poles=2')).toBeGreaterThan(-30);

  const mute = await booth.media('mute.mp4', ...lavfi('color=s=64x64:d=1'));
  await expect(normalise(mute, {})).rejects.toMatchObject({ code: 'media_no_audio' });
});

test('progress rises to 100', async () => {
  const told: number[] = [];
  await normalise(await booth.media('long.wav', ...lavfi('sine=f=300:d=30')), { removeNoise: true }, told);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBe(100);
});

test('voices are not isolated silently by nobody', async () => {
  const tone = await booth.media('voices.wav', ...lavfi('sine=d=1'));
  await expect(normalise(tone, { isolateVocals: true })).rejects.toMatchObject({
    code: 'not_configured',
    message: expect.stringMatching('AUDIO_NORMALIZATION_URL'),
  });
});
