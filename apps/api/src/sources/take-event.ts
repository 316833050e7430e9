import { type CreatedObject, parseSegmentKey, type readS3Event } from '@reverie/contracts';
import type { StoreConfig } from '@reverie/storage';
import { arrive } from '../jobs/arrive.ts';
import type { Doors } from './source.ts';
import type { Outcome } from './tally.ts';
import { inOneSentence, whyRefused } from './why-refused.ts';

export type Brought = Record<Outcome, number>;

export interface EventTaking {
  /** Who is counted for it. */
  source: string;
  owner: string;
  /** The only one that counts; undefined: any does. */
  bucket: string | undefined;
}

/** Where files are in a folder there is no bucket, and any name will do. */
export const inputBucketOf = (inputs: StoreConfig) => (inputs.kind === 's3' ? inputs.bucket : undefined);

const OUTCOMES = { new: 'accepted', known: 'known', strange: 'rejected' } as const;

/** What becomes of every record of an S3 event. All that was taken is committed when it answers. */
export async function takeEvent(
  inlet: Doors,
  taking: EventTaking,
  event: NonNullable<ReturnType<typeof readS3Event>>,
): Promise<Brought> {
  const brought: Brought = { accepted: 0, known: 0, skipped: 0, rejected: 0 };
  const count = (outcome: Outcome, times: number) => {
    brought[outcome] += times;
    if (times > 0) inlet.tally.count(taking.source, outcome, times);
  };
  count('skipped', event.others);
  for (const object of event.created) count(await takeObject(inlet, taking, object), 1);
  return brought;
}

async function takeObject(
  inlet: Doors,
  { owner, bucket, source }: EventTaking,
  object: CreatedObject,
): Promise<Outcome> {
  const ours = bucket === undefined || object.bucket === bucket;
  const segment = ours ? parseSegmentKey(object.bucket, object.key) : null;
  if (!segment) return 'skipped';
  const reject = (error: string): Outcome => {
    inlet.log.warn({ source, segment: segment.segmentS3Uri, error }, 'a segment cannot be taken');
    return 'rejected';
  };
  try {
    const outcome = OUTCOMES[await arrive(inlet, owner, segment)];
    return outcome === 'rejected' ? reject('its job has another total, mode or owner') : outcome;
  } catch (error) {
    const wrong = whyRefused(error);
    if (!wrong) throw error;
    return reject(inOneSentence(wrong));
  }
}
