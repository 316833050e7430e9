const OID_OF_REAL = 700;
const HEADER_BYTES = 20;

/** A `real[]` as PostgreSQL sends it: as text it would be three times as long, and have to be read back. */
export function realArray(numbers: Float32Array): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + numbers.length * 8);
  bytes.writeInt32BE(1, 0); // one dimension
  bytes.writeInt32BE(0, 4); // without nulls
  bytes.writeInt32BE(OID_OF_REAL, 8);
  bytes.writeInt32BE(numbers.length, 12);
  bytes.writeInt32BE(1, 16); // counted from 1
  for (const [i, number] of numbers.entries()) {
    bytes.writeInt32BE(4, HEADER_BYTES + i * 8);
    bytes.writeFloatBE(number, HEADER_BYTES + i * 8 + 4);
  }
  return bytes;
}
