import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact, MediaFacts } from '@reverie/contracts';
import type { PreparedVideo } from '@reverie/pipelines';
import { describe, expect, test } from 'vitest';
import { filmStudio } from '../../../../../test/support/film-studio.ts';
import { probe } from '../../../../../test/support/probe.ts';
import { ffmpegFootage } from './footage.ts';
import { distance } from './perceptual-hash.ts';

const { ffmpegPath, ffprobePath, root, place, look, put, stored, signal } = await filmStudio();
const footage = ffmpegFootage({ ffmpegPath, ffprobePath, place });
const run = { signal, progress: () => {} };
const out = { video: 'out/video.mp4', audio: 'out/audio.flac' };
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const TONE = ['-f', 'lavfi', '-i', 'sine=f=300:d=3'];
const lavfi = (...sources: string[]) => sources.flatMap((source) => ['-f', 'lavfi', '-i', source]);

async function prepared(file: string, ...args: string[]): Promise<PreparedVideo> {
  await look(...args, file);
  const media = await put(file, 'video/mp4');
  const facts: MediaFacts = { duration: Number((await probe(stored(media))).format.duration) };
  return footage.prepare(media, facts, out, run);
}
const streamsOf = async (artifact: Artifact) => (await probe(stored(artifact))).streams;
/** A digest of every packet, whatever they are wrapped in. */
async function packetsOf(artifact: Artifact): Promise<string> {
  await look('-i', stored(artifact), '-map', '0:v:0', '-c', 'copy', '-f', 'streamhash', 'packets');
  return readFile(join(root, 'packets'), 'utf8');
}

/** Writes into an MP4 that it is to be shown turned by a right angle: the matrix of its track header. */
async function turn(file: string) {
  const bytes = await readFile(file);
  const matrix = bytes.indexOf('tkhd') + 44;
  for (const [i, value] of [0, 0x10000, 0, -0x10000, 0].entries()) bytes.writeInt32BE(value, matrix + 4 * i);
  await writeFile(file, bytes);
}

describe('C: cuts', () => {
  const SHOTS = [
    'testsrc=s=320x180',
    'mandelbrot=s=320x180:start_scale=0.4',
    'color=c=0x303080:s=320x180',
    'color=c=0x308030:s=320x180',
    'testsrc2=s=320x180',
    'smptebars=s=320x180',
  ];
  const LENGTHS = [31, 20, 44, 17, 60, 25];

  test.each(['25', '30000/1001'])('between shots are found to the frame at %s frames a second', async (rate) => {
    const [over = 0, under = 1] = rate.split('/').map(Number);
    const graph = SHOTS.map((_, i) => `[${i}]trim=end_frame=${LENGTHS[i]},setpts=N/(FR*TB)[s${i}]`).join(';');
    const joined = `${graph};${SHOTS.map((_, i) => `[s${i}]`).join('')}concat=n=${SHOTS.length},fps=${rate},noise=alls=12:allf=t`;
    const inputs = lavfi(...SHOTS.map((shot) => `${shot}:r=${rate}`));
    const { cuts, remuxed } = await prepared('cuts.mp4', ...inputs, '-filter_complex', joined, ...H264, '-crf', '30');
    expect(remuxed).toBe(true);
    const inFrames = cuts.map((cut) => (cut * over) / under);
    expect(inFrames.map(Math.round)).toEqual([31, 51, 95, 112, 172]);
  });

  test.each([
    ['a video without cuts', ['testsrc2=s=320x180:r=25:d=2']],
    ['noise', ['color=c=gray:s=320x180:r=25:d=2,noise=alls=100:allf=t']],
    ['a pan', ['mandelbrot=s=640x180:r=25,trim=end_frame=1,loop=loop=50:size=1,setpts=N/25/TB,scroll=h=0.02']],
    ['fades', ['mandelbrot=s=320x180:r=25,trim=duration=3,fade=in:0:12,fade=out:50:20']],
    ['a flash', ["testsrc=s=320x180:r=25:d=2,negate=enable='between(n,20,21)'"]],
  ])('none in %s', async (_, sources) => {
    expect((await prepared('none.mp4', ...lavfi(...sources), ...H264)).cuts).toEqual([]);
  });
});

describe('C: a video that is fit already', () => {
  test('is wrapped anew, every packet as it was; its sound stays, too', async () => {
    const inputs = [...lavfi('testsrc2=s=320x180:r=25:d=3'), ...TONE];
    const made = await prepared('fit.mkv', ...inputs, ...H264, '-bf', '2', '-c:a', 'aac');
    expect(made).toMatchObject({
      remuxed: true,
      facts: { video: { codec: 'h264', fps: 25 }, audio: { codec: 'aac' } },
    });
    expect(await packetsOf(made.video)).toBe(await packetsOf(await put('fit.mkv', 'video/x-matroska')));
    const bytes = await readFile(stored(made.video));
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
  });

  test('with a sound that MP4 does not play gets another sound, and keeps its picture', async () => {
    const inputs = [...lavfi('testsrc2=s=320x180:r=25:d=3'), ...TONE];
    const made = await prepared('opus.mkv', ...inputs, ...H264, '-c:a', 'flac');
    expect(made).toMatchObject({ remuxed: true, facts: { audio: { codec: 'aac' } } });
  });
});

describe('C: any other is encoded', () => {
  test('turned upright, of square pixels and even sides, steady, with keyframes to seek by', async () => {
    const source = 'testsrc=s=151x101:r=50:d=3,setsar=4/3';
    await look(...lavfi(source), ...H264, '-pix_fmt', 'yuv444p10le', 'lying.mp4');
    await turn(join(root, 'lying.mp4'));
    const made = await prepared('turned.mp4', '-i', 'lying.mp4', '-c', 'copy');
    expect(made).toMatchObject({ remuxed: false, rests: [] });
    expect(made.audio).toBeUndefined();
    expect(made.facts.video).toEqual({ codec: 'h264', width: 76, height: 150, pixelFormat: 'yuv420p', fps: 25 });
    const keyframes = await look(
      '-skip_frame',
      'nokey',
      '-i',
      stored(made.video),
      '-vf',
      'showinfo',
      '-f',
      'null',
      '-',
    );
    expect(keyframes.match(/ pts_time:/g)!.length).toBeGreaterThanOrEqual(2);
  });

  test('a rate that varies becomes steady, in no more time', async () => {
    const varying = "testsrc2=s=160x90:r=30:d=4,select='lt(t,2)+not(mod(n,3))'";
    const made = await prepared('varying.mp4', ...lavfi(varying), '-fps_mode', 'vfr', ...H264);
    expect(made).toMatchObject({ remuxed: false, facts: { video: { fps: 30 } } });
    expect(Math.abs(made.facts.duration - 4)).toBeLessThan(0.15);
  });

  test('a single frame is one', async () => {
    const made = await prepared('single.mp4', ...lavfi('testsrc=s=99x55'), '-frames:v', '1', '-c:v', 'mpeg4');
    expect(made).toMatchObject({ cuts: [], facts: { video: { width: 98, height: 54 } } });
  });
});

describe('C: sound', () => {
  test('is 16 kHz mono and keeps its time: it begins late, and its rests are where nobody speaks', async () => {
    const sound = "aevalsrc='0.3*sin(2000*t)*(lt(t,1)+between(t,1.6,3))':d=3.4:s=44100";
    const made = await prepared(
      'late.mkv',
      ...lavfi('testsrc2=s=160x90:r=25:d=4'),
      '-itsoffset',
      '0.5',
      ...lavfi(sound),
      '-c:v',
      'mpeg4',
      '-c:a',
      'flac',
    );
    const [stream] = await streamsOf(made.audio!);
    expect(stream).toMatchObject({ codec_name: 'flac', sample_rate: '16000' });
    const edges = made.rests.flatMap(({ start, end }) => [start, end]);
    expect(edges).toHaveLength(6);
    for (const [i, edge] of [0, 0.5, 1.5, 2.1, 3.5, 4].entries()) expect(Math.abs(edges[i]! - edge)).toBeLessThan(0.12);
  });
});

describe('C: stills', () => {
  /** Every frame tells its number: as a bar from the left, two pixels a frame, over a picture of its own. */
  const counting =
    "nullsrc=s=200x100:r=25:d=4,geq=lum='if(lt(Y,20),if(lt(X,2*N),235,16),128+100*sin(X*(1+floor(N/10))/20+floor(N/10))*cos(Y/15))':cb=128:cr=128";
  const numberIn = async (picture: Artifact) => {
    const line = ['-i', stored(picture), '-vf', 'format=gray,crop=200:1:0:10', '-f', 'rawvideo', 'bar'];
    await look(...line);
    return Math.round((await readFile(join(root, 'bar'))).filter((value) => value > 128).length / 2);
  };
  const key = (scene: number) => `out/still-${scene}.jpg`;

  test('show the frame of their time; after the end the last; of two that look alike the first', async () => {
    const { video } = await prepared(
      'counting.mp4',
      ...lavfi(counting, 'sine=f=300:d=6'),
      ...H264,
      '-g',
      '50',
      '-bf',
      '2',
    );
    const asked = [0, 0.5, 1.02, 1.99, 2.5, 2.5, 3.3, 3.96, 5.5];
    const moments = asked.map((time, scene) => ({ scene, time }));
    const { frames, dropped } = await footage.stills(video, moments, { key }, run);
    expect(frames.map(({ scene }) => scene)).toEqual([0, 1, 2, 3, 4, 6, 7]);
    expect(dropped).toBe(2);
    for (const { time, picture } of frames) {
      const wished = Math.min(99, time * 25);
      expect(Math.abs((await numberIn(picture)) - wished), `at ${time} s`).toBeLessThanOrEqual(1);
      expect(picture).toMatchObject({ contentType: 'image/jpeg' });
    }
    for (const [i, { hash }] of frames.entries()) {
      for (const other of frames.slice(i + 1)) expect(distance(hash, other.hash)).toBeGreaterThan(6);
    }
  });
});

describe('C: bad input', () => {
  test.each([
    ['no media at all', 'media_unreadable', async () => writeFile(join(root, 'bad.mp4'), '<html>not a film</html>')],
    ['nothing', 'media_unreadable', async () => writeFile(join(root, 'bad.mp4'), '')],
    [
      'a file cut off before its index',
      'media_truncated',
      async () => {
        await look(...lavfi('testsrc2=s=320x180:r=25:d=2'), ...H264, 'whole.mp4');
        await writeFile(join(root, 'bad.mp4'), (await readFile(join(root, 'whole.mp4'))).subarray(0, 4_000));
      },
    ],
    ['sound alone', 'media_no_video', async () => look(...TONE, '-c:a', 'aac', 'bad.mp4')],
  ])('%s is its own fault: %s', async (_, code, make) => {
    await make();
    const media = await put('bad.mp4', 'video/mp4');
    await expect(footage.prepare(media, { duration: 2 }, out, run)).rejects.toMatchObject({ code });
  });
});
