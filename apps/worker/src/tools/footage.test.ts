import { readFile } from 'node:fs/promises';
import type { Artifact, MediaFacts } from '@reverie/contracts';
import type { PreparedVideo } from '@reverie/pipelines';
import { describe, expect, test } from 'vitest';
import { filmStudio } from '../../../../test/support/film-studio.ts';
import { probe } from '../../../../test/support/probe.ts';
import { distance } from './footage/perceptual-hash.ts';
import { ffmpegFootage } from './footage.ts';

const { ffmpegPath, ffprobePath, place, look, put, stored, signal } = await filmStudio();
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
/** What every packet of the first picture stream is, whatever it is wrapped in. */
const packets = (file: string) => look('-i', file, '-map', '0:v:0', '-c', 'copy', '-f', 'hash', '-').then(() => file);

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
    let frame = 0;
    const truth = LENGTHS.slice(0, -1).map((length) => ((frame += length) * under) / over);
    expect(remuxed).toBe(true);
    expect(cuts.map((cut) => Math.round((cut * over) / under))).toEqual(
      truth.map((cut) => Math.round((cut * over) / under)),
    );
  });
});
