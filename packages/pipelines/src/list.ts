import { analysis } from './analysis.ts';
import { captions } from './captions.ts';
import { dream } from './dream.ts';
import type { Pipeline } from './pipeline.ts';
import { segments } from './segments.ts';
import { selftest } from './selftest.ts';
import { subtitles } from './subtitles.ts';

/** THE LIST. A new pipeline is its file and one line here; routes, queues, docs and metrics follow. */
export const PIPELINES: readonly Pipeline[] = [dream, captions, analysis, subtitles, segments, selftest];

/** Whom stages ask: each can be paused by itself. */
export const PROVIDERS: readonly string[] = [
  ...new Set(PIPELINES.flatMap(({ stages }) => stages.flatMap(({ provider }) => provider ?? []))),
];

export const pipelineNamed = (name: string): Pipeline | undefined =>
  PIPELINES.find((pipeline) => pipeline.name === name);
