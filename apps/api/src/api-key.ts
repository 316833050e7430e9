import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** `rv_live_<id>_<secret><checksum>`: secret scanners recognise it, and a mistyped one is refused without a look-up. */
const FORM = /^rv_live_([0-9a-f]{12})_([0-9a-f]{64})([0-9a-f]{8})$/;

const checksum = (id: string, secret: string) => crc32(`${id}${secret}`).toString(16).padStart(8, '0');
/** The secret is 256 random bits: nothing to guess, so nothing slow is needed. */
const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

export function makeApiKey(): { key: string; id: string; secretHash: string } {
  const id = randomBytes(6).toString('hex');
  const secret = randomBytes(32).toString('hex');
  return { key: `rv_live_${id}_${secret}${checksum(id, secret)}`, id, secretHash: hashOf(secret) };
}

export function readApiKey(text: string): { id: string; secretHash: string } | undefined {
  const [, id, secret, sum] = FORM.exec(text) ?? [];
  if (!id || !secret || sum !== checksum(id, secret)) return undefined;
  return { id, secretHash: hashOf(secret) };
}

export const sameHash = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
