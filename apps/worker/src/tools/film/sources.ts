import type { Artifact } from '@reverie/contracts';
import { clipSource, type Picture } from './film-graph.ts';
import type { Part } from './scene-times.ts';
import { FILES } from './stage.ts';

/** What a part needs of the pictures: its own and the one it fades into. Stills are inputs of the command, clips are read by the graph. */
export function sources(artifacts: readonly Artifact[], part: Part) {
  const inputs: string[] = [];
  const pictures = new Map<number, Picture>();
  for (let i = part.first; i <= Math.min(part.last + 1, artifacts.length - 1); i++) {
    const { contentType } = artifacts[i]!;
    if (contentType.startsWith('image/')) {
      pictures.set(i, { still: true, source: `[${inputs.length}:v]` });
      inputs.push(FILES.picture(i));
    } else {
      const format = contentType === 'video/webm' ? 'matroska' : 'mov';
      pictures.set(i, { still: false, source: clipSource(FILES.picture(i), format) });
    }
  }
  return { inputs, pictureOf: (index: number): Picture => pictures.get(index)! };
}
