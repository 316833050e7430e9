import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Artifact, ASPECTS } from '@reverie/contracts';
import { run } from '@reverie/media';
import type { FilmParts, SpokenScene } from '@reverie/pipelines';
import { beforeAll, describe, expect, test } from 'vitest';
import { filmStudio } from '../../../../../test/support/film-studio.ts';
import { HOSTILE } from '../../../../../test/support/hostile-words.ts';
import { filmTools } from '../film-tools.ts';
import { assemble } from './assemble.ts';
import { FILM_ENCODE } from './encode.ts';
import { subtitles } from './subtitles.ts';

const { ffmpegPath, ffprobePath, store, place, tools, signal, look, put, stored, clip } = await filmStudio();
let audio: Artifact;
let clips: Artifact[];
beforeAll(async () => {
  await look('-f', 'lavfi', '-i', "aevalsrc='0.05*sin(2*PI*t*300)*(1+sin(2*PI*t*2))':s=24000:d=3.7", 'n.wav');
  audio = await put('n.wav', 'audio/wav');
  clips = [await clip('the sea', 1), await clip('a forest', 2)];
});

const scene = (text: string, start: number, end: number): SpokenScene => {
  const words = text.split(' ');
  const each = (end - start) / words.length;
  return {
    text,
    start,
    end,
    words: words.map((w, i) => ({ text: w, start: start + i * each, end: start + (i + 1) * each })),
  };
};
const parts = (pictures: Artifact[]): FilmParts => ({
  title: `A "title" 'with', [all]; {\\an8} \\N %{pts} 🌙`,
  aspect: '1:1',
  pictures,
  narration: {
    audio,
    duration: 3.7,
    scenes: [scene('I was by the sea', 0.2, 1.8), scene('{\\an8} %{x} مرحبا', 2, 3.4)],
  },
});

describe('a film', () => {
  let film: Artifact;
  const told: number[] = [];
  beforeAll(async () => {
    film = await tools.film.render(parts(clips), { key: 'film.mp4' }, { signal, progress: (p) => told.push(p) });
  });

  test('is H.264 and AAC, as long as the narration to the frame, and begins before it is loaded', async () => {
    const facts = await tools.media.verify(film, { duration: 3.7, streams: ['video', 'audio'] }, signal);
    expect(facts).toMatchObject({
      video: { codec: 'h264', width: 960, height: 960, pixelFormat: 'yuv420p' },
      audio: { codec: 'aac', sampleRate: 48_000, channels: 2 },
    });
    expect(Math.abs(facts.duration - 3.7)).toBeLessThanOrEqual(1 / 24);
    const bytes = await readFile(stored(film));
    expect(bytes.indexOf('moov')).toBeGreaterThan(0);
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  test('is as loud as films on the web are', async () => {
    const log = await look('-i', stored(film), '-af', 'ebur128', '-f', 'null', '-');
    const loudness = Number(/Integrated loudness:\s+I:\s+(-[\d.]+) LUFS/.exec(log)![1]);
    expect(Math.abs(loudness + 16)).toBeLessThanOrEqual(1);
  });

  test('tells how far it is', () => {
    expect(told.at(-1)).toBe(100);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  test('can be made of stills', async () => {
    await look('-f', 'lavfi', '-i', 'mandelbrot=s=300x200', '-frames:v', '1', 'still.png');
    const still = await put('still.png', 'image/png');
    const made = await tools.film.preview(
      parts([still, clips[0]!]),
      { video: 'p.mp4', poster: 'p.jpg' },
      { signal, progress: () => {} },
    );
    const facts = await tools.media.verify(made.video, { duration: 3.7, streams: ['video', 'audio'] }, signal);
    expect(facts.video).toMatchObject({ width: 320, height: 320 });
    const poster = await readFile(stored(made.poster));
    expect([...poster.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    await look('-i', stored(made.poster), '-f', 'null', '-');
  });

  test('of more scenes than one command takes is joined without losing a frame', async () => {
    const scenes = Array.from({ length: 10 }, (_, i) => scene('word', i * 0.37, i * 0.37 + 0.3));
    const long = { ...parts([clips[0]!]), narration: { audio, duration: 3.7, scenes } };
    const made = await tools.film.preview(long, { video: 'l.mp4', poster: 'l.jpg' }, { signal, progress: () => {} });
    const count = await look('-i', stored(made.video), '-map', '0:v', '-f', 'null', '-');
    expect(Number(/frame=\s*(\d+)/.exec(count)![1])).toBe(44);
  });
});

test('hostile words are only words: nothing is drawn where their tags would put it', async () => {
  const frameOf = async (text: string) => {
    await writeFile(join(place.path, 'subs.ass'), subtitles([scene(text, 0, 2)], { width: 320, height: 320 }, 2));
    const args = [
      '-f',
      'lavfi',
      '-i',
      'color=c=black:s=320x320:d=1',
      '-vf',
      'subtitles=filename=subs.ass:fontsdir=fonts,crop=320:160:0:0,signalstats,metadata=print',
      '-f',
      'null',
      '-',
    ];
    const { log } = await run(ffmpegPath, args, { cwd: place.path, signal });
    return Math.max(...[...log.matchAll(/signalstats\.YMAX=([\d.]+)/g)].map((m) => Number(m[1])));
  };
  const [tags, plain] = [await frameOf('{\\an8}HELLO {\\pos(160,40)\\fs90}X \\N\\N\\N\\N\\N'), await frameOf('HELLO')];
  expect(plain).toBeLessThanOrEqual(20);
  expect(tags).toBe(plain);
});

test('no text of a dream ever reaches a command', async () => {
  const commandOf = async (text: string) => {
    const hostile = { ...parts(clips), title: text };
    hostile.narration = { ...hostile.narration, scenes: [scene(text, 0, 2), scene(text, 2, 3.7)] };
    const { film } = filmTools({ ffmpegPath: 'false', ffprobePath, place, store });
    const run = { signal, progress: () => {} };
    const cut = {
      frame: { width: 320, height: 320, fps: 12 },
      wordsFor: ASPECTS['1:1'],
      seconds: 9,
      loudness: 'anull',
    };
    const studio = { ffmpegPath: 'false', place };
    const failed = await Promise.all([
      film.preview(hostile, { video: 'v', poster: 'p' }, run).catch((error) => error),
      assemble(hostile, { ...cut, encode: FILM_ENCODE, output: 'x.mp4' }, { studio, run }).catch((error) => error),
    ]);
    return failed.map((error) => error.trace.command);
  };
  const harmless = await commandOf('plain');
  expect(harmless[1]).toContain('subtitles=filename=subs.ass');
  for (const text of HOSTILE) expect(await commandOf(text)).toEqual(harmless);
});
