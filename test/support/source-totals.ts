import type { Client } from './client.ts';

/** What sources have brought, as Prometheus reads it: `{ 'sqs accepted': 3 }`. */
export async function sourceTotals(call: Client): Promise<Record<string, number>> {
  const { body } = await call<string>('GET', '/metrics');
  const lines = body.matchAll(/^reverie_source_total\{source="(\w+)",outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, source, outcome, total]) => [`${source} ${outcome}`, Number(total)]));
}
