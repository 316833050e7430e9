import { z } from 'zod';
import { embed } from './stages/embed.ts';
import { frames } from './stages/frames.ts';
import { prepare } from './stages/prepare.ts';
import { result } from './stages/result.ts';
import { scenes } from './stages/scenes.ts';
import { transcribe } from './stages/transcribe.ts';
import { vision } from './stages/vision.ts';

/** What the stages of a finished analysis have given. */
export const AnalysisOutput = z.object({
  ...prepare.gives.shape,
  ...transcribe.gives.shape,
  ...scenes.gives.shape,
  ...frames.gives.shape,
  ...vision.gives.shape,
  ...embed.gives.shape,
  ...result.gives.shape,
});
export type AnalysisOutput = z.infer<typeof AnalysisOutput>;
