import {
  type Database,
  type Due,
  disableEndpoint,
  givenUpInARow,
  handBack,
  listen,
  lockEndpoint,
  msUntilDue,
  recordTry,
  takeDue,
} from '@reverie/db';
import type { FastifyBaseLogger } from 'fastify';
import { outcomeOf, type Said, TRIES } from './callback-schedule.ts';
import { coalesced } from './dispatch.ts';
import { type Post, sendCallback } from './send-callback.ts';

const AT_ONCE = 16;
/** A slow receiver keeps two of the sixteen busy and nobody else waiting. */
const PER_ENDPOINT = 2;
/** A try takes 15 s at most; whoever dies with it leaves it due again this soon. */
const LEASE_SECONDS = 20;
/** The safety net; what usually wakes the sender is the commit, or the clock of the next one due. */
const SWEEP_MS = 60_000;
/** However it comes that something is due and cannot be taken: no tighter than this. */
const LEAST_MS = 100;
/** Undelivered to the last try, one after the other: nobody is there any more. */
const GIVEN_UP_BEFORE_DISABLED = 5;
/** A sender that is to stop lets those it has begun end for so long, and hands the rest back. */
const STOP_MS = 4_000;

/** Sends callbacks as they fall due, from every replica of the API: which one sends what, the rows decide. */
export function startDelivering(post: Post & { db: Database; log: FastifyBaseLogger }, databaseUrl: string) {
  const { db, log } = post;
  const sending = new Map<Due, Promise<void>>();
  const stop = new AbortController();
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  const complain = (error: Error) => log.warn({ error: error.message }, 'sending callbacks did not work; tried again');
  const taking = coalesced(take, complain);
  const wake = () => void (stopping || taking.ask());
  const ear = listen(databaseUrl, ['reverie_deliveries'], wake);

  async function take() {
    clearTimeout(timer);
    timer = setTimeout(wake, SWEEP_MS * (0.75 + Math.random() / 2));
    const room = AT_ONCE - sending.size;
    if (room === 0) return; // whichever ends first asks again
    const busy = { perEndpoint: PER_ENDPOINT, sending: [...sending.keys()] };
    const taken = await takeDue(db, { ...busy, room, leaseSeconds: LEASE_SECONDS });
    for (const due of taken) {
      const sent = send(due)
        .catch(complain)
        .finally(() => {
          sending.delete(due);
          wake();
        });
      sending.set(due, sent);
    }
    const ms = await msUntilDue(db, { ...busy, sending: [...sending.keys()] });
    if (ms === undefined || ms > SWEEP_MS || stopping) return;
    clearTimeout(timer);
    timer = setTimeout(wake, Math.max(LEAST_MS, ms));
  }

  async function send(due: Due) {
    if (due.disabled) return disableEndpoint(db, due.endpointId, 'disabled');
    try {
      await record(due, await sendCallback(due, post, stop.signal));
    } catch (error) {
      if (!stop.signal.aborted) throw error;
      await handBack(db, due.id);
    }
  }

  async function record(due: Due, said: Said) {
    const outcome = outcomeOf(due, said);
    await db.transaction(async (tx) => {
      if (outcome.next === 'give up') await lockEndpoint(tx, due.endpointId);
      const moved = await recordTry(tx, due, said, outcome);
      if (!moved || outcome.next !== 'give up') return;
      const reason =
        said.httpStatus === 410
          ? 'The receiver answered 410 Gone.'
          : (await givenUpInARow(tx, due.endpointId, TRIES)) >= GIVEN_UP_BEFORE_DISABLED
            ? `${GIVEN_UP_BEFORE_DISABLED} callbacks in a row could not be delivered.`
            : undefined;
      if (reason) await disableEndpoint(tx, due.endpointId, reason);
    });
    const { id: delivery, endpointId: endpoint, type } = due;
    log.debug({ delivery, endpoint, type, status: said.httpStatus, ms: said.ms, outcome: outcome.next }, 'callback');
  }

  return {
    wake,
    async stop(withinMs = STOP_MS) {
      stopping = true;
      await ear.close();
      await taking.idle();
      clearTimeout(timer);
      const giveUp = setTimeout(() => stop.abort(), withinMs);
      await Promise.all(sending.values());
      clearTimeout(giveUp);
    },
  };
}
