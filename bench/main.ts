import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { analysis } from './analysis.ts';
import type { Bench } from './bench.ts';
import { tableOf } from './table.ts';

/** Every bench there is: a file each, and a line here. */
const BENCHES: Record<string, Bench> = { analysis };

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
});
const wished = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = wished.filter((name) => !BENCHES[name]);
if (unknown.length > 0) {
  console.error(`no bench is called ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);
  process.exit(1);
}

const results = join(import.meta.dirname, 'results');
await mkdir(results, { recursive: true });
for (const name of wished) {
  const file = join(results, `${name}.jsonl`);
  const note = async (line: object) =>
    appendFile(file, `${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);
  for (const { title, rows } of await BENCHES[name]!({ rounds: Math.max(1, Number(values.rounds) || 1), note })) {
    console.log(`\n${title}\n\n${tableOf(rows)}`);
  }
}
