import { createHash } from 'node:crypto';

/** Of anything that is JSON. Keys are sorted, so that the same in another order is the same. */
export function hash(body: unknown): string {
  const sorted = JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(sorted).digest('hex');
}
