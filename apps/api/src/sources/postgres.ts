import { admitRow, holdRow, type Job, moveJob, recordEvent, type Tx } from '@reverie/db';
import { submit } from '../jobs/submit.ts';
import { Refusal } from '../refusal.ts';
import { inRounds } from './rounds.ts';
import type { Inlet, Source } from './source.ts';

/** Rows of `jobs` that any client has inserted with plain SQL: pipeline and input are enough. */
export const postgresSource: Source = (inlet, signal) =>
  inRounds(inlet, { channel: 'reverie_rows', what: 'rows of jobs' }, round(inlet, signal), signal);

const round = (inlet: Inlet, signal: AbortSignal) => async () => {
  while (!signal.aborted && (await admitNext(inlet)));
};

/** False when there is none left that nobody is at. */
const admitNext = (inlet: Inlet): Promise<boolean> =>
  inlet.db.transaction(async (tx) => {
    const row = await holdRow(tx);
    if (!row) return false;
    const taken = tx.transaction((inner) => submit(inner, inlet, { ...asSubmission(row), row }));
    const refusal = await taken.then(() => undefined, whyRefused);
    inlet.tally.count('postgres', refusal === undefined ? 'accepted' : 'rejected');
    if (refusal !== undefined) await failRow(tx, row, refusal);
    return true;
  });

const asSubmission = ({ startBy, deadline, callbackUrl, idempotencyKey, metadata, ...row }: Job) => ({
  ...{ owner: row.owner, pipeline: row.pipeline, input: row.input, priority: row.priority, held: row.held },
  ...(metadata && { metadata }),
  ...(startBy && { startBy }),
  ...(deadline && { deadline }),
  ...(callbackUrl && { callbackUrl }),
  ...(idempotencyKey && { key: idempotencyKey }),
});

/** What is wrong with the row itself; anything else is tried again. */
function whyRefused(error: unknown): string {
  if (error instanceof Refusal) {
    const told = (error.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ');
    return told ? `${error.message} ${told}` : error.message;
  }
  const { code, message } = (error instanceof Error && error.cause instanceof Error ? error.cause : error) as {
    code?: string;
    message: string;
  };
  // 23: a constraint, such as a dream that has a live job already.
  if (code?.startsWith('23')) return message;
  throw error;
}

/** Whoever wrote the row finds in it what is wrong. */
async function failRow(tx: Tx, row: Job, message: string): Promise<void> {
  await admitRow(tx, row.id, {});
  const error = { stage: 'submit', code: 'input_invalid' as const, message: message.slice(0, 4_000) };
  await moveJob(tx, row.id, 'failed', { error });
  await recordEvent(tx, row.id, 'job.failed', error);
}
