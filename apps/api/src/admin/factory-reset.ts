import { emptyEverything, holdEverything, recordAudit } from '@reverie/db';
import { abortUploads } from '../jobs/remove-upload.ts';
import { stopTasks } from '../jobs/stop-tasks.ts';
import { Refusal } from '../refusal.ts';
import type { Api } from '../routes/api.ts';
import { MICROSERVICE_NAMES, type Microservice, microserviceOf, remoteOf } from './microservices.ts';
import { type Swept, sweep } from './sweep.ts';

/** A remote service may have much to delete. */
const REMOTE_MS = 30_000;
/** Files that are not gone by then go with the next hourly sweep. */
const SWEEP_MS = 60_000;

interface Removed {
  files_removed: number;
  tasks_purged: number;
}
export interface ServiceReset {
  status: 'success' | 'error';
  data: Record<string, unknown>;
}

/**
 * Empties rows, queues, store and the services of document 004, in this order: a task whose row is gone is refused to
 * whoever claims or reports it, and files without a row are swept now and once more an hour later, when the last worker
 * that had not heard has stopped.
 */
export async function factoryReset(api: Api, { owner, force }: { owner: string; force: boolean }) {
  await recordAudit(api.db, { owner, action: 'factory reset', details: { force } });
  const { jobs, tasks, running, uploads } = await api.db.transaction(async (tx) => {
    const held = await holdEverything(tx);
    if (held.live > 0 && !force) throw stillWorking(held.live);
    return { ...held, ...(await emptyEverything(tx)) };
  });
  await stopTasks(api, running, 'factory reset');
  // Entries of tasks that are gone would only be refused: a queue that is away just now does no harm.
  await api.queue
    .empty()
    .catch((error: Error) => api.log.warn({ error: error.message }, 'the queue could not be emptied'));
  await abortUploads(api, uploads);
  const swept = await sweep(api, AbortSignal.timeout(SWEEP_MS));
  const ours = attributed(tasks, swept);
  const services = await Promise.all(
    MICROSERVICE_NAMES.map(async (name) => [name, await resetService(api, name, ours[name])] as const),
  );
  const others: ServiceReset = { status: 'success', data: { ...ours.others } };
  const result = { jobs, microservices: { ...Object.fromEntries(services), others } };
  await recordAudit(api.db, { owner, action: 'factory reset done', details: result });
  return result;
}

const stillWorking = (live: number) =>
  new Refusal(
    409,
    'still_working',
    `${live} jobs have not ended. Wait for them or cancel them, or send "force": true, which stops them.`,
  );

/** A service elsewhere is told to reset itself; what we have kept of its work is counted with it either way. */
async function resetService({ config, log }: Api, name: Microservice, ours: Removed): Promise<ServiceReset> {
  const remote = remoteOf(config.services, name);
  if (!remote) return { status: 'success', data: { ...ours } };
  try {
    const signal = AbortSignal.timeout(REMOTE_MS);
    const response = await fetch(`${remote.url}/admin/factory-reset`, { method: 'POST', redirect: 'error', signal });
    const said: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return { status: 'success', data: { ...ours, ...(typeof said === 'object' && said) } };
  } catch (error) {
    const { message } = error as Error;
    log.warn({ service: name, error: message }, 'a service did not reset itself');
    return { status: 'error', data: { ...ours, error: message.slice(0, 200) } };
  }
}

/** Whose tasks and files they were, by the names of the stages. */
function attributed(tasks: Map<string, number>, { byStage }: Swept): Record<Microservice | 'others', Removed> {
  const sums = Object.fromEntries(
    [...MICROSERVICE_NAMES, 'others' as const].map((name) => [name, { files_removed: 0, tasks_purged: 0 }]),
  ) as Record<Microservice | 'others', Removed>;
  for (const [stage, count] of tasks) sums[microserviceOf(stage) ?? 'others'].tasks_purged += count;
  for (const [stage, count] of byStage) sums[microserviceOf(stage) ?? 'others'].files_removed += count;
  return sums;
}
