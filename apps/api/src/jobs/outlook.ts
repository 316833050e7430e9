import { type Job, liveWorkers, type Sql, type Task, tasksAhead, usualSeconds, usualSecondsOf } from '@reverie/db';
import { dependencies, type Pipeline } from '@reverie/pipelines';
import { byStage } from './stages.ts';

export interface Outlook {
  /** 1 is next. Only while nothing of the job has begun. */
  queue_position?: number;
  /** Only where the pipeline has a history to go by. */
  eta_seconds?: number;
}

/** How long the pipeline's own history is taken as it was; figures that old are good enough for a bar. */
const REMEMBER_MS = 10_000;
const remembered = new Map<string, { until: number; figures: Promise<Map<string, number>> }>();

function history(sql: Sql, pipeline: string): Promise<Map<string, number>> {
  const before = remembered.get(pipeline);
  if (before && before.until > Date.now()) return before.figures;
  const figures = usualSeconds(sql, pipeline);
  remembered.set(pipeline, { until: Date.now() + REMEMBER_MS, figures });
  return figures;
}

/** Where a job stands, and when it will be done by what such jobs usually take. */
export async function outlookOf(
  sql: Sql,
  {
    job,
    pipeline,
    tasks,
    percent,
  }: { job: Job; pipeline: Pipeline; tasks: readonly Task[]; percent(task: Task): number },
): Promise<Outlook> {
  if (job.held || (job.status !== 'queued' && job.status !== 'processing')) return {};
  const usual = await history(sql, pipeline.name);
  const left = usual.size === 0 ? undefined : secondsLeft(pipeline, tasks, { usual, percent });
  const first = tasks.find((task) => task.status === 'waiting' || task.status === 'dispatched');
  if (job.status !== 'queued' || !first) return left === undefined ? {} : { eta_seconds: Math.ceil(left) };

  const ahead = first.status === 'dispatched' ? 0 : (await tasksAhead(sql, first)).ahead;
  const [pace, workers] = await Promise.all([usualSecondsOf(sql, first.fleet), liveWorkers(sql)]);
  const slots = workers.reduce((sum, worker) => sum + (worker.fleet === first.fleet ? worker.slots : 0), 0);
  const known = left !== undefined && pace !== undefined && slots > 0;
  return { queue_position: ahead + 1, ...(known && { eta_seconds: Math.ceil((ahead * pace) / slots + left) }) };
}

/** The longest way through the stages that are not finished; side by side counts once. */
function secondsLeft(
  pipeline: Pipeline,
  tasks: readonly Task[],
  { usual, percent }: { usual: ReadonlyMap<string, number>; percent(task: Task): number },
): number {
  const stages = byStage(tasks);
  const until = new Map<string, number>();
  for (const stage of pipeline.stages) {
    const parts = stages.get(stage.name) ?? [];
    const whole = usual.get(stage.name) ?? 0;
    const open = parts.filter((part) => part.status !== 'completed');
    const own = parts.length === 0 ? whole : Math.max(0, ...open.map((part) => whole * (1 - percent(part) / 100)));
    const before = Math.max(0, ...dependencies(pipeline, stage).map((needed) => until.get(needed.name) ?? 0));
    until.set(stage.name, before + own);
  }
  return Math.max(0, ...until.values());
}
