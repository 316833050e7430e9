import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFfmpeg } from '@reverie/embedded';
import { CLIP, clip, TRUE_CUTS } from './analysis/clips.ts';
import { bareEncode, naiveChain } from './analysis/commands.ts';
import type { Bench, Row } from './bench.ts';
import { type Cost, costOf } from './cost.ts';

/** Normalise, sound, scenes and frames of `analysis`, against the bare encode and against a command for each. */
export const analysis: Bench = async ({ rounds, note }) => {
  const dir = join(tmpdir(), 'reverie-bench');
  const { ffmpeg, ffprobe } = await findFfmpeg({ env: process.env, cacheDir: dir });
  const large = await clip('1080p', { ffmpegPath: ffmpeg, dir });
  const fit = await clip('720p', { ffmpegPath: ffmpeg, dir });
  const edges = [0, ...TRUE_CUTS, CLIP.seconds];
  const moments = edges.slice(1).map((end, i) => (edges[i]! + end) / 2);

  const ways = {
    bare: (file: string, cwd: string) => costOf(ffmpeg, bareEncode(file), cwd),
    naive: (file: string, cwd: string) => costOf('bash', ['-c', naiveChain(ffmpeg, { clip: file, moments })], cwd),
    ours: async (file: string, cwd: string) => {
      const script = join(import.meta.dirname, 'analysis/our-way.ts');
      const cost = await costOf(process.execPath, [script, file, cwd, ffmpeg, ffprobe, `${CLIP.seconds}`], cwd);
      checkCuts(cost.said);
      return cost;
    },
  };

  /** One after the other, round by round: what else the machine does meets all of them alike. */
  async function compare(file: string, rows: (Row & { by: keyof typeof ways })[]) {
    for (let round = 0; round < rounds; round++) {
      for (const row of rows) {
        await using place = await folder();
        const { cpuSeconds, wallSeconds }: Cost = await ways[row.by](file, place.path);
        row.cpuSeconds.push(cpuSeconds);
        row.wallSeconds.push(wallSeconds);
        await note({ file, round, way: row.way, cpuSeconds, wallSeconds });
        console.log(`${row.way}: ${cpuSeconds.toFixed(2)} s of CPU, ${wallSeconds.toFixed(2)} s`);
      }
    }
    return rows;
  }
  const row = (by: keyof typeof ways, way: string, more: Partial<Row> = {}) => ({
    by,
    way,
    cpuSeconds: [],
    wallSeconds: [],
    ...more,
  });

  return [
    {
      title: 'analysis of a minute of 1080p: encode, sound, cuts and frames',
      rows: await compare(large, [
        row('bare', 'the bare encode alone', { reference: true }),
        row('ours', 'ours, all of it', { goal: 1.05 }),
        row('naive', 'a command for each'),
      ]),
    },
    {
      title: 'analysis of a minute of 720p that is fit already',
      rows: await compare(fit, [
        row('naive', 'a command for each', { reference: true }),
        row('ours', 'ours, all of it', { goal: 0.2 }),
      ]),
    },
  ];
};

/** Being quick with the wrong answer is no feat. */
function checkCuts(said: string) {
  const { cuts } = JSON.parse(said) as { cuts: number[] };
  const right =
    cuts.length === TRUE_CUTS.length && cuts.every((cut, i) => Math.abs(cut - TRUE_CUTS[i]!) <= 2 / CLIP.fps);
  if (!right) throw new Error(`the cuts are at ${TRUE_CUTS.join(', ')}, and were found at ${cuts.join(', ')}`);
}

async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'reverie-bench-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
