import { hasEnded, JOB_MOVES, type JobStatus } from '@reverie/contracts';
import type { Snapshot } from './snapshot.ts';

/** Every state that moves of the table lead to without leaving an end. */
function reachable(from: JobStatus, seen = new Set([from])): Set<JobStatus> {
  if (hasEnded(from) && seen.size > 1) return seen;
  for (const to of JOB_MOVES[from] as readonly JobStatus[]) {
    if (seen.has(to)) continue;
    seen.add(to);
    reachable(to, seen);
  }
  return seen;
}

/** What is wrong with the rows as they are, and with how they came to be so. Empty: nothing. */
export function violations(before: Snapshot, after: Snapshot, { retried }: { retried: boolean }): string[] {
  return [...wrongMove(before, after, retried), ...wrongAttempts(before, after), ...wrongRows(after)];
}

function wrongMove(before: Snapshot, after: Snapshot, retried: boolean): string[] {
  const [from, to] = [before.job.status, after.job.status];
  const wrong: string[] = [];
  if (hasEnded(from) && from !== to && !retried) wrong.push(`the job went from ${from} to ${to} and nobody retried it`);
  if (from === 'completed' && to !== 'completed') wrong.push(`a completed job became ${to}`);
  if (!retried && !reachable(from).has(to)) wrong.push(`no moves lead from ${from} to ${to}`);
  if (after.job.run < before.job.run) wrong.push('the run went back');
  if (after.job.run > before.job.run && !retried) wrong.push('the run rose and nobody retried');
  return wrong;
}

function wrongAttempts(before: Snapshot, after: Snapshot): string[] {
  const was = new Map(before.tasks.map((task) => [task.id, task]));
  return after.tasks.flatMap((task) => {
    const wrong: string[] = [];
    const earlier = was.get(task.id);
    if (earlier && task.attempt < earlier.attempt) wrong.push(`${task.stage}: the attempt went back`);
    const own = after.attempts.filter(({ task_id }) => task_id === task.id);
    if (own.length !== task.attempt)
      wrong.push(`${task.stage}: ${own.length} attempts, but the fence is ${task.attempt}`);
    const completed = own.filter(({ outcome }) => outcome === 'completed').length;
    if (completed !== (task.status === 'completed' ? 1 : 0))
      wrong.push(`${task.stage} is ${task.status} and has ${completed} completed attempts`);
    const running = own.filter(({ outcome }) => outcome === 'running').map(({ attempt }) => attempt);
    const expected = task.status === 'running' ? [task.attempt] : [];
    if (String(running) !== String(expected))
      wrong.push(`${task.stage} is ${task.status} at ${task.attempt}, and running are the attempts [${running}]`);
    return wrong;
  });
}

function wrongRows({ job, subject, tasks, events }: Snapshot): string[] {
  const wrong: string[] = [];
  const open = tasks.filter(({ status }) => ['waiting', 'dispatched', 'running'].includes(status));
  if (hasEnded(job.status) && open.length > 0) wrong.push(`the job is ${job.status} and has ${open[0]!.status} tasks`);
  if (!hasEnded(job.status) && open.length === 0) wrong.push(`the job is ${job.status} and nothing of it can go on`);
  if (hasEnded(job.status) !== (job.ended_at !== null)) wrong.push(`${job.status}, and ended at ${job.ended_at}`);
  if ((events['job.completed'] ?? 0) !== (job.status === 'completed' ? 1 : 0))
    wrong.push(`${job.status}, with ${events['job.completed'] ?? 0} times job.completed`);
  const ends = (events['job.failed'] ?? 0) + (events['job.cancelled'] ?? 0) + (events['job.completed'] ?? 0);
  if (ends !== job.run + (hasEnded(job.status) ? 1 : 0)) wrong.push(`run ${job.run}, ${job.status}, and ${ends} ends`);
  if (subject?.video_status !== job.status)
    wrong.push(`the job is ${job.status}, its subject ${subject?.video_status}`);
  if ((subject?.video_url != null) !== (job.status === 'completed'))
    wrong.push(`the job is ${job.status}, and its subject has the video ${subject?.video_url}`);
  const parts = tasks.map(({ stage, part }) => `${stage}.${part}`);
  if (new Set(parts).size !== parts.length) wrong.push(`a part is there twice: ${parts}`);
  return wrong;
}
