import { Refusal } from '../refusal.ts';

const MiB = 1024 ** 2;

/** S3 takes no smaller part (but for the last), and no more of them. */
export const LEAST_PART_BYTES = 5 * MiB;
export const MOST_PARTS = 10_000;
/** What is lost when a connection breaks. A gigabyte is enough for any file S3 takes. */
export const MOST_PART_BYTES = 1024 * MiB;
const USUAL_PART_BYTES = 8 * MiB;

/** How long the parts of a file are: what the caller wants where that can be, else as short as is sensible. */
export function partBytesFor(bytes: number, wanted: number | undefined): number {
  const least = Math.max(LEAST_PART_BYTES, Math.ceil(bytes / MOST_PARTS / MiB) * MiB);
  if (wanted === undefined) return Math.max(least, USUAL_PART_BYTES);
  if (wanted >= Math.min(least, bytes)) return wanted;
  throw new Refusal(
    422,
    'parts_too_small',
    `A file of ${bytes} bytes needs parts of ${least} bytes or more: there may be ${MOST_PARTS}.`,
    [{ pointer: '/part_bytes', detail: `must be at least ${least}` }],
  );
}

interface Parted {
  bytes: number;
  partBytes: number;
}

export const partCount = ({ bytes, partBytes }: Parted): number => Math.max(1, Math.ceil(bytes / partBytes));

/** The last part is what is left. */
export const bytesOfPart = (file: Parted, number: number): number =>
  number < partCount(file) ? file.partBytes : file.bytes - file.partBytes * (number - 1);

export interface SomePart {
  number: number;
  bytes: number;
}

export const allParts = (file: Parted): SomePart[] =>
  Array.from({ length: partCount(file) }, (_, n) => ({ number: n + 1, bytes: bytesOfPart(file, n + 1) }));

/** What is still to be sent: parts nobody sent, and parts of another length than they should have. */
export function missingParts(file: Parted, received: readonly SomePart[]): number[] {
  const there = new Map(received.map(({ number, bytes }) => [number, bytes]));
  return allParts(file).flatMap(({ number, bytes }) => (there.get(number) === bytes ? [] : [number]));
}

/** Names what is missing, as far as anybody reads. */
export function incomplete(file: Parted, received: readonly SomePart[]): Refusal {
  const there = new Map(received.map(({ number, bytes }) => [number, bytes]));
  const missing = missingParts(file, received);
  const errors = missing.slice(0, 100).map((number) => {
    const [has, needs] = [there.get(number), bytesOfPart(file, number)];
    return { pointer: `/parts/${number}`, detail: has === undefined ? 'is missing' : `has ${has} bytes, not ${needs}` };
  });
  const named = missing.slice(0, 20).join(', ') + (missing.length > 20 ? ', …' : '');
  return new Refusal(
    409,
    'upload_incomplete',
    `Of ${partCount(file)} parts ${missing.length} are missing or not as long as they should be: ${named}. Send them, then complete it again.`,
    errors,
  );
}
