import { copyFile, mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@reverie/contracts';
import { ffmpegMedia } from '../../../apps/worker/src/tools/media.ts';
import type { Workplace } from '../../../apps/worker/src/tools/workplace.ts';
import { ffmpegForTests } from '../../support/ffmpeg.ts';
import type { Rng } from '../support/rng.ts';
import { endsOf, SHORT_AND_LONG, tailDecodes, type WholeFile, wholeFiles } from './whole-files.ts';

export interface Cuts {
  cuts: number;
  accepted: number;
  /** Accepted, and not what was made. */
  wrong: string[];
  /** Whole files that were refused. */
  refusedWhole: string[];
}

/** Cuts files at random points, and asks the product's own verify what it thinks of each. */
export async function cutAndVerify(
  rng: Rng,
  { cuts, lengths = SHORT_AND_LONG }: { cuts: number; lengths?: readonly number[] },
): Promise<Cuts> {
  const { ffmpegPath, ffprobePath } = await ffmpegForTests();
  const dir = await mkdtemp(join(tmpdir(), 'reverie-cuts-'));
  try {
    const files = await wholeFiles(dir, lengths);
    const result: Cuts = { cuts, accepted: 0, wrong: [], refusedWhole: [] };

    /** Undefined: accepted. */
    async function verdictOn(
      file: WholeFile,
      bytes: number,
      lane: string,
    ): Promise<{ refused?: string; path: string }> {
      const path = await mkdtemp(join(dir, `${lane}-`));
      const cut = join(path, 'to-verify');
      const place = {
        path,
        async fetchTo() {
          await copyFile(file.path, cut);
          await truncate(cut, bytes);
        },
      } as unknown as Workplace;
      const media = ffmpegMedia({ ffmpegPath, ffprobePath, place });
      const artifact = { key: file.name, bytes, contentType: 'video/mp4' };
      const expected = { duration: file.duration, streams: ['video' as const, 'audio' as const] };
      return media.verify(artifact, expected, AbortSignal.timeout(60_000)).then(
        () => ({ path: cut }),
        (error) => {
          if (!(error instanceof Failure)) throw error;
          return { path: cut, refused: error.message };
        },
      );
    }

    for (const file of files) {
      const { refused } = await verdictOn(file, file.bytes, 'whole');
      if (refused) result.refusedWhole.push(`${file.name}: ${refused}`);
    }
    let next = 0;
    const lane = async (name: string) => {
      for (let nth = next++; nth < cuts; nth = next++) {
        const file = files[nth % files.length]!;
        // Half of the cuts near the end, where it is hard to tell.
        const from = rng.chance(0.5) ? Math.floor(file.bytes * 0.8) : 1;
        const bytes = rng.int(from, file.bytes - 1);
        const { refused, path } = await verdictOn(file, bytes, name);
        if (refused === undefined) {
          result.accepted += 1;
          result.wrong.push(...(await objections(file, bytes, path)));
        }
        await rm(join(path, '..'), { recursive: true });
      }
    };
    await Promise.all([lane('a'), lane('b')]);
    return result;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** What is missing of a file that was accepted, found out in another way than verify's. */
async function objections(file: WholeFile, bytes: number, path: string): Promise<string[]> {
  const what = `${file.name}, cut at ${bytes} of ${file.bytes}`;
  const ends = await endsOf(path);
  const allowed = Math.max(1, file.duration * 0.02);
  const short = Object.entries(file.ends).filter(([kind, end]) => end - (ends[kind] ?? 0) > allowed);
  return [
    ...short.map(([kind, end]) => `${what}: ${kind} ends at ${ends[kind] ?? 0} s instead of ${end} s`),
    ...((await tailDecodes(path)) ? [] : [`${what}: its tail does not decode`]),
  ];
}
