import type { Claim } from '@reverie/contracts';
import type { Tools } from '@reverie/pipelines';
import type { Store } from '@reverie/storage';
import type { Config } from './config.ts';
import { filmTools } from './tools/film-tools.ts';
import { run } from './tools/run.ts';
import { openScratch } from './tools/scratch.ts';
import { wordTools } from './tools/word-tools.ts';

/** The real tools: each attempt gets them bound to a folder of its own. */
export async function openToolbox(config: Config, store: Store) {
  const { ffmpegPath, ffprobePath, openai } = config;
  const espeakPath = await speaking(config.espeakPath);
  const scratch = await openScratch({ ...config.scratch, store });
  return async (claim: Claim): Promise<{ tools: Tools; close(): Promise<void> }> => {
    const place = await scratch.open(claim.taskId, claim.attempt);
    const words = wordTools({ openai, espeakPath, ffmpegPath, place });
    return {
      tools: { ...filmTools({ ffmpegPath, ffprobePath, place, store }), ...words },
      close: async () => place[Symbol.asyncDispose](),
    };
  };
}

/** espeak-ng is a nicety: without it the narration is a soundscape. */
async function speaking(espeakPath: string): Promise<string | undefined> {
  const tried = run(espeakPath, ['--version'], { cwd: process.cwd(), signal: AbortSignal.timeout(5_000) });
  return tried.then(
    () => espeakPath,
    () => undefined,
  );
}
