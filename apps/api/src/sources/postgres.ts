import { FAILURES, type FailureCode, type Problem } from '@reverie/contracts';
import { admitRow, holdRow, type Job, moveJob, recordEvent, type Tx } from '@reverie/db';
import type { PrivateHosts } from '@reverie/net';
import { submit } from '../jobs/submit.ts';
import { envelope, readEnvelope, submissionIn } from './envelope.ts';
import { inRounds } from './rounds.ts';
import type { Inlet, Source } from './source.ts';
import { inOneSentence, whyRefused } from './why-refused.ts';

/** Rows of `jobs` that any client has inserted with plain SQL: pipeline and input are enough. */
export const postgresSource =
  ({ privateHosts }: { privateHosts: PrivateHosts }): Source =>
  (inlet, signal) => {
    const door = makeDoor(inlet, privateHosts);
    const round = async () => {
      const passed: string[] = [];
      while (!signal.aborted && (await door(passed)));
    };
    return inRounds(inlet, { channel: 'reverie_rows', what: 'rows of jobs' }, round, signal);
  };

function makeDoor(inlet: Inlet, privateHosts: PrivateHosts) {
  const schema = envelope(privateHosts);

  /** Lets the next row in, or says in it why not. False when there is none left that nobody is at. */
  return async function letIn(passed: string[]): Promise<boolean> {
    const outcome = await inlet.db.transaction(async (tx) => {
      const row = await holdRow(tx, passed);
      if (!row) return 'none';
      try {
        const submission = submissionIn(readEnvelope(schema, asEnvelope(row)), { owner: row.owner });
        await tx.transaction((inner) => submit(inner, inlet, { ...submission, row }));
        return 'accepted';
      } catch (error) {
        const wrong = whyRefused(error);
        if (wrong) {
          await failRow(tx, row, wrong);
          return 'rejected';
        }
        // It does not keep others waiting; the next round looks at it again.
        passed.push(row.id);
        inlet.log.warn({ job: row.id, error: (error as Error).message }, 'a row cannot be let in just now');
        return 'passed';
      }
    });
    if (outcome === 'accepted' || outcome === 'rejected') inlet.tally.count('postgres', outcome);
    return outcome !== 'none';
  };
}

/** The row as a caller would have sent it, so that it is held to the same. */
const asEnvelope = (row: Job) => ({
  ...{ pipeline: row.pipeline, input: row.input, priority: row.priority },
  // As a caller leaves out what he does not want: the same key is the same job, whichever way it comes.
  ...(row.held && { held: true }),
  ...(row.idempotencyKey !== null && { idempotency_key: row.idempotencyKey }),
  ...(row.metadata !== null && { metadata: row.metadata }),
  ...(row.callbackUrl !== null && { callback_url: row.callbackUrl }),
  ...(row.startBy !== null && { start_by: row.startBy.toISOString() }),
  ...(row.deadline !== null && { deadline: row.deadline.toISOString() }),
});

/** Whoever wrote the row finds in it what is wrong. */
async function failRow(tx: Tx, row: Job, wrong: Problem): Promise<void> {
  const { callbackUrl } = row;
  // What is no address cannot be shown as one.
  await admitRow(tx, row.id, { callbackUrl: callbackUrl !== null && URL.canParse(callbackUrl) ? callbackUrl : null });
  const code = wrong.code in FAILURES ? (wrong.code as FailureCode) : 'input_invalid';
  const error = { stage: 'submit', code, message: inOneSentence(wrong).slice(0, 4_000) };
  await moveJob(tx, row.id, 'failed', { error });
  await recordEvent(tx, row.id, 'job.failed', error);
}
