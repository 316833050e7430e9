import type { Ability, Claim } from '@reverie/contracts';
import { run } from '@reverie/media';
import type { Tools } from '@reverie/pipelines';
import { openStore, type Store } from '@reverie/storage';
import type { Config } from './config.ts';
import type { Api } from './report.ts';
import { openEmbedder } from './tools/embedder/embedder.ts';
import { filmTools } from './tools/film-tools.ts';
import { ffmpegFootage } from './tools/footage/footage.ts';
import { openPods } from './tools/pods/pods.ts';
import { openRoom } from './tools/pods/room.ts';
import { openScratch } from './tools/scratch.ts';
import { ffmpegSegments } from './tools/segments/segments.ts';
import { downloadByService } from './tools/services/service-download.ts';
import { soundTools } from './tools/sound-tools.ts';
import { openSources } from './tools/sources/sources.ts';
import { openVision } from './tools/vision/vision.ts';
import { wordTools } from './tools/word-tools.ts';
import type { OpenTools } from './work.ts';

/** The real tools: each attempt gets them bound to a folder of its own. And what can be done with them here. */
export async function openToolbox(
  config: Config,
  { store, api }: { store: Store; api: Api },
): Promise<{ openTools: OpenTools; abilities: readonly Ability[] }> {
  const { ffmpegPath, ffprobePath, openai } = config;
  const [espeakPath, ytdlpPath] = await Promise.all([
    installed(config.espeakPath),
    installed(config.sources.ytdlpPath),
  ]);
  const inputs = openStore(config.inputs);
  const room = openRoom(config.pods);
  const scratch = await openScratch({ ...config.scratch, store });
  const openTools = async (claim: Claim): Promise<{ tools: Tools; close(): Promise<void> }> => {
    const place = await scratch.open(claim.taskId, claim.attempt);
    const words = wordTools({ openai, espeakPath, ffmpegPath, place });
    const remote = downloadByService(config.services, { place, maxBytes: config.sources.maxBytes });
    const sources = openSources({ ...config.sources, remote, ytdlpPath, ffmpegPath, ffprobePath, place, store });
    const vision = openVision(config.providers.vision, place);
    const embedder = openEmbedder(config.providers.embed, place);
    return {
      tools: {
        ...filmTools({ ffmpegPath, ffprobePath, place, store }),
        ...words,
        ...soundTools({ ...config, place }),
        sources,
        footage: ffmpegFootage({ ffmpegPath, ffprobePath, place }),
        vision,
        embedder,
        segments: ffmpegSegments({ ffmpegPath, ffprobePath, place, store, inputs, model: config.model }),
        pods: openPods({ room, settings: config.pods, store, inputs, api }, claim),
      },
      close: async () => place[Symbol.asyncDispose](),
    };
  };
  return { openTools, abilities: [...config.abilities, ...(ytdlpPath ? (['fetch pages'] as const) : [])] };
}

/** espeak-ng and yt-dlp are niceties: without the one the narration is a soundscape, without the other pages are refused. */
async function installed(path: string): Promise<string | undefined> {
  const tried = run(path, ['--version'], { cwd: process.cwd(), signal: AbortSignal.timeout(5_000) });
  return tried.then(
    () => path,
    () => undefined,
  );
}
