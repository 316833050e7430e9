import type { Message } from '@aws-sdk/client-sqs';
import { readS3Event } from '@reverie/contracts';
import type { PrivateHosts } from '@reverie/net';
import { submit } from '../jobs/submit.ts';
import { Refusal } from '../refusal.ts';
import { envelope, readEnvelope, submissionIn } from './envelope.ts';
import type { Doors } from './source.ts';
import { type EventTaking, takeEvent } from './take-event.ts';
import type { Outcome } from './tally.ts';
import { inOneSentence, whyRefused } from './why-refused.ts';

export interface Taking extends Omit<EventTaking, 'source'> {
  /** Where callbacks may go besides the public internet. */
  privateHosts: PrivateHosts;
}

/** True when the message is done with; false when it can never be taken. Throws when it may be taken another time. */
export type Taker = (message: Message) => Promise<boolean>;

const SOURCE = 'sqs';

/** What a message of a queue brings: a job in an envelope, or segments in an S3 event. */
export function messageTaker(doors: Doors, queue: string, { owner, bucket, privateHosts }: Taking): Taker {
  const schema = envelope(privateHosts);
  const count = (outcome: Outcome) => doors.tally.count(SOURCE, outcome);

  async function takeJob(message: Message, body: unknown): Promise<Outcome> {
    const submission = submissionIn(readEnvelope(schema, body), { owner, key: keyOf(message) });
    const { created } = await doors.db
      .transaction((tx) => submit(tx, doors, submission))
      .catch((error) => {
        // The same message read under other settings, which say what it leaves out.
        if (isReused(error) && submission.key === keyOf(message)) return { created: false };
        throw error;
      });
    return created ? 'accepted' : 'known';
  }

  return async (message) => {
    try {
      const body = parsed(message.Body ?? '');
      const event = readS3Event(body);
      if (event) return (await takeEvent(doors, { source: SOURCE, owner, bucket }, event)).rejected === 0;
      count(await takeJob(message, body));
      return true;
    } catch (error) {
      const wrong = whyRefused(error);
      if (!wrong) throw error;
      count('rejected');
      const received = Number(message.Attributes?.ApproximateReceiveCount ?? 1);
      doors.log.warn(
        { queue, message: message.MessageId, received, error: inOneSentence(wrong) },
        'a message cannot be taken; it is left to the queue’s redrive policy',
      );
      return false;
    }
  };
}

const keyOf = ({ MessageId }: Message) => `sqs:${MessageId}`;

const isReused = (error: unknown) => error instanceof Refusal && error.code === 'idempotency_key_reused';

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(422, 'malformed_json', 'The message is not JSON.');
  }
}
