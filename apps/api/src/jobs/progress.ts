import type { TaskState } from '@reverie/db';
import type { Pipeline } from '@reverie/pipelines';
import type { Hub } from '../hub.ts';
import { byStage } from './stages.ts';

/** How far a stage is: finished parts count whole, what was left out among them; running ones by what was heard of them. */
export function stageProgress(parts: readonly TaskState[], hub: Hub): number {
  if (parts.length === 0) return 0;
  const sum = parts.reduce((total, { id, status, attempt }) => {
    if (status === 'completed') return total + 100;
    return total + (status === 'running' ? (hub.percent(id, attempt) ?? 0) : 0);
  }, 0);
  return tenths(sum / parts.length);
}

/** The bar of the whole job, every stage by its weight, and what is being done just now. */
export function progressOf(
  pipeline: Pipeline | undefined,
  tasks: readonly TaskState[],
  hub: Hub,
): { progress: number; stage: string | null } {
  if (!pipeline) return { progress: 0, stage: null };
  const stages = byStage(tasks);
  const whole = pipeline.stages.reduce((sum, { weight }) => sum + weight, 0);
  const done = pipeline.stages.reduce(
    (sum, stage) => sum + stage.weight * stageProgress(stages.get(stage.name) ?? [], hub),
    0,
  );
  const current = pipeline.stages.find((stage) => {
    const parts = stages.get(stage.name);
    return parts?.some((part) => ['waiting', 'dispatched', 'running'].includes(part.status));
  });
  return { progress: tenths(done / whole), stage: current?.name ?? null };
}

const tenths = (percent: number) => Math.round(percent * 10) / 10;
