import type { MomentRow, VideoParts } from '@reverie/db';
import { type AnalysisOutput, momentsOf } from '@reverie/pipelines';

interface Owned {
  id: string;
  owner: string;
}

/** `<video>_scene_00003`: the same part of the same video always has the same id. */
const partId = (videoId: string, what: string, number: number) =>
  `${videoId}_${what}_${String(number).padStart(5, '0')}`;

/** What an analysis has found, as rows. */
export function partsOf({ id: videoId }: Owned, { scenes, frames, sights, transcript }: AnalysisOutput): VideoParts {
  const frameId = (number: number) => partId(videoId, 'frame', number);
  return {
    scenes: scenes.map((span, number) => ({ ...span, id: partId(videoId, 'scene', number), videoId, number })),
    frames: frames.map(({ scene, time, picture, hash }, number) => ({
      ...{ id: frameId(number), videoId, number, time, hash },
      sceneId: partId(videoId, 'scene', scene),
      key: picture.key,
    })),
    captions: (sights ?? []).map(({ seen, model }, number) => ({
      ...{ id: partId(videoId, 'caption', number), videoId, model },
      frameId: frameId(number),
      caption: seen.caption,
      controls: seen.controls,
      textOnScreen: seen.text,
    })),
    segments: (transcript?.segments ?? []).map((segment, number) => ({
      ...segment,
      ...{ id: partId(videoId, 'segment', number), videoId, number },
    })),
  };
}

/** What can be found of it, in the order in which the vectors are stored. A sentence is shown by the frame of its scene. */
export function momentRowsOf({ id: videoId, owner }: Owned, found: AnalysisOutput): MomentRow[] {
  const frameOf = new Map(found.frames.map(({ scene }, number) => [scene, number]));
  const model = found.embedded?.model ?? null;
  return momentsOf(found).map(({ kind, start, end, text, scene, of }, number) => {
    const frame = kind === 'speech' ? frameOf.get(scene) : of;
    return {
      ...{ id: partId(videoId, 'moment', number), videoId, owner, kind, start, end, text, model },
      sceneId: partId(videoId, 'scene', scene),
      frameId: frame === undefined ? null : partId(videoId, 'frame', frame),
    };
  });
}
