import { z } from 'zod';
import { decodedUri } from './parsed.ts';

/** What a segment becomes: two pictures side by side, or one for red-cyan glasses. */
export const SEGMENT_MODES = ['anaglyph', 'sbs'] as const;
export const SegmentMode = z.enum(SEGMENT_MODES);
export type SegmentMode = z.infer<typeof SegmentMode>;

/** What the key of a segment says. */
export interface SegmentKey {
  /** As whoever made the key calls the job. */
  jobId: string;
  index: number;
  total: number;
  mode: SegmentMode;
}

const FORM = /^segments\/([^/]+)\/(\d{5})_(\d{5})_(anaglyph|sbs)\.mp4$/u;
const five = (number: number) => String(number).padStart(5, '0');

/** `segments/{job_id}/{index:05d}_{total:05d}_{mode}.mp4`: the one grammar of segment keys, built here and read below. */
export function buildSegmentKey({ jobId, index, total, mode }: SegmentKey): string {
  const key = `segments/${jobId}/${five(index)}_${five(total)}_${mode}.mp4`;
  if (!readKey(key)) throw new RangeError(`${JSON.stringify(key)} would be no segment's key`);
  return key;
}

/** What document 003 calls a payload; null for every key that is not a segment's. */
export function parseSegmentKey(bucket: string, key: string): (SegmentKey & { segmentS3Uri: string }) | null {
  const read = readKey(key);
  return read && { ...read, segmentS3Uri: `s3://${bucket}/${key}` };
}

function readKey(key: string): SegmentKey | null {
  const [, jobId, index, total, mode] = FORM.exec(key) ?? [];
  if (jobId === undefined || !isName(jobId) || Number(index) >= Number(total)) return null;
  return { jobId, index: Number(index), total: Number(total), mode: mode as SegmentMode };
}

/** Every store can keep a file under it: see checkKey. */
const isName = (jobId: string): boolean =>
  jobId !== '.' &&
  jobId !== '..' &&
  jobId.isWellFormed() &&
  !/\p{Cc}/u.test(jobId) &&
  [...jobId].length <= MOST_LETTERS;
const MOST_LETTERS = 200;

const Record = z.object({
  eventName: z.string(),
  s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string() }) }),
});
const S3Event = z.object({ Records: z.array(z.unknown()) });
const TestEvent = z.object({ Event: z.literal('s3:TestEvent') });

/** An object that was created, by its real key. */
export interface CreatedObject {
  bucket: string;
  key: string;
}

/**
 * Reads a raw S3 event: the objects that were created, and how many of its records say anything else. Keys come
 * URL-encoded, and `+` is a space. Undefined for what is no S3 event at all.
 */
export function readS3Event(body: unknown): { created: CreatedObject[]; others: number } | undefined {
  if (TestEvent.safeParse(body).success) return { created: [], others: 0 };
  const event = S3Event.safeParse(body);
  if (!event.success) return undefined;
  const created = event.data.Records.flatMap((record) => readRecord(record) ?? []);
  return { created, others: event.data.Records.length - created.length };
}

function readRecord(record: unknown): CreatedObject | undefined {
  const read = Record.safeParse(record);
  if (!read.success || !/^(s3:)?ObjectCreated:/.test(read.data.eventName)) return undefined;
  const { bucket, object } = read.data.s3;
  const key = decodedUri(object.key.replaceAll('+', ' '));
  return key === undefined ? undefined : { bucket: bucket.name, key };
}
