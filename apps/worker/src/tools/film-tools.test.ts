import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Artifact, ASPECTS } from '@reverie/contracts';
import type { FilmParts, SpokenScene } from '@reverie/pipelines';
import { linkSigner, openStore, type Store } from '@reverie/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ffmpegForTests } from '../../../../test/support/ffmpeg.ts';
import { HOSTILE } from '../../../../test/support/hostile-words.ts';
import { ffprobe } from './ffprobe.ts';
import { assemble } from './film/assemble.ts';
import { FILM_ENCODE } from './film/encode.ts';
import { subtitles } from './film/subtitles.ts';
import { filmTools } from './film-tools.ts';
import { run } from './run.ts';
import { openScratch } from './scratch.ts';
import type { Workplace } from './workplace.ts';

const { ffmpegPath, ffprobePath } = await ffmpegForTests();
const signal = new AbortController().signal;
let root: string;
let store: Store;
let place: Workplace;
let tools: ReturnType<typeof filmTools>;
let audio: Artifact;
const clips: Artifact[] = [];

/** ffmpeg for the test itself: what it says. */
const look = async (...args: string[]) =>
  (await run(ffmpegPath, ['-hide_banner', '-nostdin', '-y', ...args], { cwd: root, signal })).log;
const stored = (artifact: Artifact) => join(root, 'store', artifact.key);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'film-'));
  store = openStore({
    kind: 'fs',
    dir: join(root, 'store'),
    links: linkSigner({ secret: 's', baseUrl: 'http://x' } as never),
  });
  const scratch = await openScratch({ dir: join(root, 'scratch'), store });
  place = await scratch.open('task', 1);
  tools = filmTools({ ffmpegPath, ffprobePath, place, store });
  await look('-f', 'lavfi', '-i', "aevalsrc='0.05*sin(2*PI*t*300)*(1+sin(2*PI*t*2))':s=24000:d=3.7", 'n.wav');
  audio = (await store.put('n.wav', createReadStream(join(root, 'n.wav')), { contentType: 'audio/wav' }))!;
  for (const [seed, prompt] of [
    [1, 'the sea'],
    [2, 'a forest'],
    [2, 'a forest'],
  ] as const) {
    const key = (extension: string) => `${clips.length}.${extension}`;
    const made = await tools.imagine.picture({ prompt, seed, aspect: '1:1' }, { key }, signal);
    expect(made).toMatchObject({ provider: 'offline', cost: 0, picture: { contentType: 'video/mp4' } });
    clips.push(made.picture);
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

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

describe('pictures', () => {
  test('are the same for the same wish, and others for others', async () => {
    const [sea, forest, again] = await Promise.all(clips.map((clip) => readFile(stored(clip))));
    expect(forest!.equals(again!)).toBe(true);
    expect(forest!.equals(sea!)).toBe(false);
  });

  test('are not flat, and move', async () => {
    for (const clip of clips.slice(0, 2)) {
      const log = await look('-i', stored(clip), '-vf', 'signalstats,metadata=print', '-f', 'null', '-');
      const figure = (name: string) =>
        [...log.matchAll(new RegExp(`signalstats\\.${name}=([\\d.]+)`, 'g'))].map((m) => Number(m[1]));
      expect(Math.max(...figure('YMAX')) - Math.min(...figure('YMIN'))).toBeGreaterThan(120);
      expect(Math.max(...figure('YDIF'))).toBeGreaterThan(0.2);
    }
  });
});

describe('a film', () => {
  let film: Artifact;
  const told: number[] = [];
  beforeAll(async () => {
    film = await tools.film.render(
      parts(clips.slice(0, 2)),
      { key: 'film.mp4' },
      { signal, progress: (p) => told.push(p) },
    );
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
    const still = (await store.put('still.png', createReadStream(join(root, 'still.png')), {
      contentType: 'image/png',
    }))!;
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

describe('verify refuses', () => {
  const cases: [string, (bytes: Buffer) => Buffer][] = [
    ['a file without its end', (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.6))],
    ['a file with a hole in it', (bytes) => Buffer.concat([bytes.subarray(0, -30_000), Buffer.alloc(30_000)])],
    ['what is no media', () => Buffer.from('#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n')],
  ];
  test.each(cases)('%s', async (name, spoil) => {
    const bytes = spoil(await readFile(stored(clips[0]!)));
    await writeFile(join(root, 'bad.mp4'), bytes);
    const bad = (await store.put(`${name.replaceAll(' ', '-')}.mp4`, createReadStream(join(root, 'bad.mp4')), {
      contentType: 'video/mp4',
    }))!;
    await expect(tools.media.verify(bad, { duration: 6, streams: ['video'] }, signal)).rejects.toMatchObject({
      code: 'output_rejected',
    });
  });

  test.each([
    ['the wrong length', { duration: 9, streams: ['video' as const] }],
    ['a missing stream', { duration: 6, streams: ['video' as const, 'audio' as const] }],
  ])('%s', async (_, expected) => {
    await expect(tools.media.verify(clips[0]!, expected, signal)).rejects.toMatchObject({ code: 'output_rejected' });
  });
});

test('a playlist that calls itself a film opens nothing', async () => {
  await writeFile(join(place.path, 'evil'), `ffconcat version 1.0\nfile ${stored(clips[0]!)}\n`);
  await expect(ffprobe('evil', { ffprobePath, cwd: place.path, signal })).rejects.toMatchObject({
    code: 'ffmpeg_failed',
  });
});

test('no text of a dream ever reaches a command', async () => {
  const commandOf = async (text: string) => {
    const hostile = { ...parts(clips.slice(0, 2)), title: text };
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

test('files are copied in the store', async () => {
  expect(await tools.files.copy(clips[0]!, 'copied.mp4')).toEqual({ ...clips[0]!, key: 'copied.mp4' });
});
