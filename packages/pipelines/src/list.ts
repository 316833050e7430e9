import { dream } from './dream.ts';
import type { Pipeline } from './pipeline.ts';
import { selftest } from './selftest.ts';

/** THE LIST. A new pipeline is its file and one line here; routes, queues, docs and metrics follow. */
export const PIPELINES: readonly Pipeline[] = [dream, selftest];

export const pipelineNamed = (name: string): Pipeline | undefined =>
  PIPELINES.find((pipeline) => pipeline.name === name);
