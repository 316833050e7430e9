import { createHash } from 'node:crypto';

/** A number from 0 to `below`, always the same for a text. */
const hashed = (text: string, below: number) => createHash('md5').update(text).digest().readUInt32LE(0) % below;

/** A vector that lies near those of texts with the same words, and not far from those with similar ones. */
export function vectorOf(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  const add = (what: string, weight: number) => {
    const sign = hashed(`${what} sign`, 2) === 0 ? 1 : -1;
    vector[hashed(what, dimensions)]! += sign * weight;
  };
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    add(word, 1);
    const padded = ` ${word} `;
    for (let i = 0; i + 3 <= padded.length; i++) add(padded.slice(i, i + 3), 0.4);
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((number) => number / length);
}

/** As OpenAI's own SDK asks for them by default: 32-bit floats, little endian. */
export const inBase64 = (vector: readonly number[]): string =>
  Buffer.from(new Float32Array(vector).buffer).toString('base64');
