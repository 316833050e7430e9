import { FILES, prepareOutputs } from '../../apps/worker/src/tools/footage/graph.ts';
import type { Plan } from '../../apps/worker/src/tools/footage/plan.ts';

const PLAN: Plan = {
  video: { index: 0, copied: false, size: { width: 1280, height: 720 }, rate: { over: 30, under: 1 }, sparse: false },
  audio: { index: 1, copied: false },
};

/** The normalising encode and nothing else, with the product's own settings. */
export function bareEncode(clip: string): string[] {
  const graph = '[0:0]fps=30,scale=1280:720:flags=bicubic,setsar=1,format=yuv420p[video];[0:1]anull[sound]';
  const { target, options } = prepareOutputs(PLAN)[0]!;
  return ['-nostdin', '-v', 'error', '-y', '-i', clip, '-filter_complex', graph, ...options, target];
}

/** What one would write without thinking of the cost: a command for everything, each of which decodes for itself. */
export function naiveChain(
  ffmpegPath: string,
  { clip, moments }: { clip: string; moments: readonly number[] },
): string {
  const ffmpeg = (args: readonly string[]) =>
    [ffmpegPath, '-nostdin', '-v', 'error', '-y', ...args].map(quoted).join(' ');
  const video = FILES.video;
  return [
    'set -e',
    [ffmpegPath, ...bareEncode(clip)].map(quoted).join(' '),
    ffmpeg(['-i', video, '-vn', '-ac', '1', '-ar', '16000', 'audio.wav']),
    ffmpeg(['-i', video, '-an', '-vf', "select='gt(scene,0.4)',metadata=print:file=scenes.txt", '-f', 'null', '-']),
    ...moments.map((time, i) =>
      ffmpeg([
        '-i',
        video,
        '-an',
        '-vf',
        `select='gte(t,${time.toFixed(3)})'`,
        '-frames:v',
        '1',
        '-q:v',
        '3',
        `frame-${i}.jpg`,
      ]),
    ),
  ].join('\n');
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;
