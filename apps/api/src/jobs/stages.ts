import { PRIORITIES } from '@reverie/contracts';
import { insertTasks, type Job, type NewTask, type Sql, type Task, tasksOf } from '@reverie/db';
import { type Pipeline, ready, type Stage } from '@reverie/pipelines';

/** A job's tasks by stage, parts in order. */
export function byStage<T extends Pick<Task, 'stage' | 'part'>>(tasks: readonly T[]): Map<string, T[]> {
  const stages = Map.groupBy(tasks, ({ stage }) => stage);
  for (const parts of stages.values()) parts.sort((a, b) => a.part - b.part);
  return stages;
}

const isFinished = (parts: readonly Task[] | undefined): parts is Task[] =>
  parts !== undefined && parts.length > 0 && parts.every((part) => part.status === 'completed');

/** What a finished stage gave: a step's output, a fan-out's parts joined in order, or what there is when it was left out. */
function given(stage: Stage, parts: readonly Task[]): Record<string, unknown> {
  if (parts[0]?.leftOut != null) return parts[0].output ?? {};
  if (stage.kind === 'step') return parts[0]?.output ?? {};
  return stage.join(parts.map((part) => stage.part.parse(part.output)));
}

/** The job's input and everything finished stages gave. */
export function givenSoFar(
  pipeline: Pipeline,
  job: Pick<Job, 'input'>,
  tasks: readonly Task[],
): Record<string, unknown> {
  const stages = byStage(tasks);
  const all = { ...job.input };
  for (const stage of pipeline.stages) {
    const parts = stages.get(stage.name);
    if (isFinished(parts)) Object.assign(all, given(stage, parts));
  }
  return all;
}

/** Makes tasks of every stage whose turn has come. Says whether the whole job is finished; the caller holds the job's row. */
export async function startStages(sql: Sql, pipeline: Pipeline, job: Job): Promise<{ finished: boolean }> {
  for (;;) {
    const tasks = await tasksOf(sql, [job.id]);
    const stages = byStage(tasks);
    const finished = new Set([...stages].filter(([, parts]) => isFinished(parts)).map(([name]) => name));
    const next = ready(pipeline, finished, new Set(stages.keys()));
    if (next.length === 0) return { finished: finished.size === pipeline.stages.length };
    const input = givenSoFar(pipeline, job, tasks);
    const begun = next.flatMap((stage) => tasksFor(stage, job, input));
    await insertTasks(sql, begun);
    // What is left out is over at once, and others may have waited for just that.
    if (!begun.some(({ leftOut }) => leftOut != null)) return { finished: false };
  }
}

function tasksFor(stage: Stage, job: Job, input: Record<string, unknown>): NewTask[] {
  const task = {
    jobId: job.id,
    owner: job.owner,
    pipeline: job.pipeline,
    held: job.held,
    stage: stage.name,
    fleet: stage.fleet,
    rank: PRIORITIES.indexOf(job.priority),
    run: job.run,
    // An owner's jobs go one after the other, not their stages: a short job is not stuck behind a long one's parts.
    createdAt: job.createdAt,
    provider: stage.provider ?? null,
  };
  if (stage.kind === 'step' && !stage.leftOut) return [task];
  const needs: unknown = stage.needs.parse(input);
  const leftOut = stage.leftOut && (job.without?.[stage.name] ?? stage.leftOut.when(needs));
  if (leftOut !== undefined)
    return [{ ...task, status: 'completed', leftOut, output: stage.leftOut!.gives as Record<string, unknown> }];
  if (stage.kind === 'step') return [task];
  const items: unknown[] = stage.split(needs);
  if (items.length === 0) throw new Error(`stage ${stage.name} was split into nothing`);
  const awaited = stage.awaits?.(needs) ?? false;
  return items.map((item, part) => ({ ...task, part, item, awaited, held: task.held || awaited }));
}
