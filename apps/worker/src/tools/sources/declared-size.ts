import type { FileHandle } from 'node:fs/promises';

/**
 * How long a file says it is, by the lengths that MP4, Matroska, RIFF, AIFF and ASF write down: one cut short is known
 * without decoding any of it. Undefined for the rest, and for streams whose writer did not know the end.
 */
export async function declaredSize(file: FileHandle, head: Buffer): Promise<number | undefined> {
  if (head.length < 16) return undefined;
  const sign = head.toString('latin1', 0, 4);
  if (sign === 'RIFF') return chunkEnd(head.readUInt32LE(4));
  if (sign === 'FORM') return chunkEnd(head.readUInt32BE(4));
  if (sign === '\x1aE\xdf\xa3') return segmentEnd(head);
  if (head.readUInt32BE(0) === 0x3026b275) return asfSize(head);
  return BOXES.includes(head.toString('latin1', 4, 8)) ? boxesEnd(file) : undefined;
}

/** Nothing, and all that is near 2 or 4 GB, is what writers put who cannot go back to fill it in. */
const chunkEnd = (length: number) => (length === 0 || length >= 0x7fff0000 ? undefined : length + 8);

const BOXES = ['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'styp', 'sidx', 'moof', 'mfra', 'pdin', 'uuid'];
/** Ten hours in fragments of a second are 72000. */
const MOST_BOXES = 200_000;

/** From box to box. What follows the last one we know is somebody's afterthought. */
async function boxesEnd(file: FileHandle): Promise<number> {
  let at = 0;
  for (let n = 0; n < MOST_BOXES; n++) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, at);
    if (bytesRead < 8 || !BOXES.includes(buffer.toString('latin1', 4, 8))) break;
    const short = buffer.readUInt32BE(0);
    const size = short === 1 && bytesRead === 16 ? Number(buffer.readBigUInt64BE(8)) : short;
    if (size < 8) break; // 0: up to the end, wherever that is
    at += size;
  }
  return at;
}

/** The header's element, then the segment's: each an id and a length. */
function segmentEnd(head: Buffer): number | undefined {
  const header = lengthAt(head, 4);
  if (header?.value === undefined) return undefined;
  const segment = 4 + header.bytes + header.value;
  if (segment + 12 > head.length || head.readUInt32BE(segment) !== 0x18538067) return undefined;
  const length = lengthAt(head, segment + 4);
  return length?.value === undefined ? undefined : segment + 4 + length.bytes + length.value;
}

/** EBML: as many zero bits as bytes follow; all ones is "not known". */
function lengthAt(head: Buffer, at: number): { bytes: number; value: number | undefined } | undefined {
  const bytes = Math.clz32(head[at]!) - 23;
  if (bytes > 8) return undefined;
  const value = BigInt.asUintN(7 * bytes, BigInt(`0x${head.toString('hex', at, at + bytes)}`));
  return { bytes, value: value === 2n ** BigInt(7 * bytes) - 1n ? undefined : Number(value) };
}

/** The GUID of the object in which ASF keeps the size of the file. */
const FILE_PROPERTIES = Buffer.from('a1dcab8c47a9cf118ee400c00c205365', 'hex');
const BROADCAST = 1;

function asfSize(head: Buffer): number | undefined {
  const at = head.indexOf(FILE_PROPERTIES);
  if (at < 0 || at + 92 > head.length) return undefined;
  return head.readUInt32LE(at + 88) & BROADCAST ? undefined : Number(head.readBigUInt64LE(at + 40));
}
