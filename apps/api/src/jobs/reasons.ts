import { FLEETS } from '@reverie/contracts';
import { LANE_KINDS } from '@reverie/db';
import { z } from 'zod';

const time = z.iso.datetime();
const at = { stage: z.string(), part: z.int() };

/** Why a job is not moving, in one reason with numbers; the first that holds, from what an operator said to what is just slow. */
export const Reason = z.discriminatedUnion('reason', [
  z.object({ reason: z.literal('ended'), status: z.string(), at: time.nullable() }),
  z.object({ reason: z.literal('running'), ...at, worker: z.string(), attempt: z.int(), since: time }),
  z.object({ reason: z.literal('held') }),
  z.object({
    reason: z.literal('paused'),
    kind: z.enum(LANE_KINDS),
    name: z.string(),
    since: time,
    until: time.nullable().describe('When the pause ends by itself'),
    because: z.string().nullable(),
  }),
  z
    .object({ reason: z.literal('awaited'), ...at, missing: z.int() })
    .describe('Parts of it are uploaded by others, and so many have not been announced yet'),
  z.object({ reason: z.literal('unread') }).describe('Somebody wrote it as a row, and nobody has read that yet'),
  z.object({ reason: z.literal('no_worker'), ...at, fleet: z.enum(FLEETS) }),
  z.object({
    reason: z.literal('retry_wait'),
    ...at,
    failures: z.int(),
    limit: z.int(),
    next_try_at: time,
    code: z.string(),
    message: z.string(),
  }),
  z
    .object({ reason: z.literal('queue_away'), ...at })
    .describe('Redis does not answer. What was in it is added again when it does'),
  z
    .object({ reason: z.literal('next'), ...at, fleet: z.enum(FLEETS), since: time })
    .describe('In the queue; a worker takes it as soon as a slot is free'),
  z.object({ reason: z.literal('owner_cap'), owner: z.string(), in_flight: z.int(), cap: z.int() }),
  z.object({ reason: z.literal('fleet_cap'), fleet: z.enum(FLEETS), cap: z.int() }),
  z.object({
    reason: z.literal('behind'),
    ...at,
    fleet: z.enum(FLEETS),
    ahead: z.int(),
    own: z.int().describe('Of those ahead, the same owner’s'),
  }),
]);
export type Reason = z.infer<typeof Reason>;

/** For people. */
export function inWords(because: Reason): string {
  switch (because.reason) {
    case 'ended':
      return `It has ${because.status}.`;
    case 'running':
      return `${because.stage} is running on ${because.worker} since ${because.since}.`;
    case 'held':
      return 'It is held. Release it with PATCH /jobs/:id { "held": false }.';
    case 'paused':
      return `The ${because.kind} ${because.name} is paused since ${because.since}${because.until ? ` until ${because.until}` : ''}${because.because ? `: ${because.because}` : ''}.`;
    case 'awaited':
      return `${because.stage} waits for ${because.missing} parts that others upload.`;
    case 'unread':
      return 'Its row waits to be read. That takes an API whose JOB_SOURCES name postgres.';
    case 'no_worker':
      return `No worker serves the fleet ${because.fleet}, which ${because.stage} needs. Start one.`;
    case 'retry_wait':
      return `${because.stage} failed (${because.code}); try ${because.failures + 1} of ${because.limit} at ${because.next_try_at}.`;
    case 'queue_away':
      return `${because.stage} is due, but the queue does not answer. Nothing is lost; it goes on when the queue is back.`;
    case 'next':
      return `${because.stage} is in the queue of the fleet ${because.fleet}; the next free slot takes it.`;
    case 'owner_cap':
      return `${because.owner} has ${because.in_flight} of ${because.cap} tasks in flight.`;
    case 'fleet_cap':
      return `The fleet ${because.fleet} is capped at ${because.cap} tasks.`;
    case 'behind':
      return `${because.stage} waits behind ${because.ahead} tasks for the fleet ${because.fleet}, ${because.own} of them its owner's.`;
    default:
      return because satisfies never;
  }
}
