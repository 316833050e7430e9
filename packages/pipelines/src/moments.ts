import type { Span, Transcript } from '@reverie/contracts';
import type { z } from 'zod';
import type { Frame } from './stages/frames.ts';
import type { Sight } from './stages/vision.ts';

/** Something in a video that can be found: a sentence, what is to be seen, what is written there. */
export interface Moment extends Span {
  kind: 'speech' | 'caption' | 'screen';
  text: string;
  /** Which frame or which segment it is about. */
  of: number;
  scene: number;
}

export interface Found {
  scenes: readonly Span[];
  frames: readonly z.infer<typeof Frame>[];
  transcript: Transcript | null;
  sights: readonly z.infer<typeof Sight>[] | null;
}

/** Everything findable of a video, always in the same order: the vectors are stored in it. */
export function momentsOf({ scenes, frames, transcript, sights }: Found): Moment[] {
  const sceneAt = (time: number) =>
    Math.max(
      0,
      scenes.findLastIndex(({ start }) => start <= time),
    );
  const spoken = (transcript?.segments ?? []).map(
    ({ text, start, end }, of): Moment => ({ kind: 'speech', text, of, start, end, scene: sceneAt(start) }),
  );
  const seen = (sights ?? []).flatMap(({ seen: { caption, controls, text } }, of): Moment[] => {
    const { scene } = frames[of]!;
    const at = { of, scene, ...scenes[scene]! };
    return [
      { kind: 'caption', text: caption, ...at },
      { kind: 'screen', text: [text, ...controls].filter((part) => part.trim() !== '').join('\n'), ...at },
    ];
  });
  return [...spoken, ...seen].filter(({ text }) => text.trim() !== '');
}
