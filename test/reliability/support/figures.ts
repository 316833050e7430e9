import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../.reverie/reliability', import.meta.url));

/** How much of the plan's amounts is run: 1 is all of it. */
export const scale = (): number => Number(process.env.RELIABILITY_SCALE ?? 1);

export const scaled = (amount: number, least = 1): number => Math.max(least, Math.round(amount * scale()));

/** One line a test says what was measured, and one line of JSON in .reverie/reliability/figures.jsonl keeps it. */
export function report(test: string, line: string, figures: Record<string, unknown>): void {
  console.log(`${test}: ${line}`);
  mkdirSync(FOLDER, { recursive: true });
  const entry = { at: new Date().toISOString(), test, scale: scale(), line, ...figures };
  appendFileSync(join(FOLDER, 'figures.jsonl'), `${JSON.stringify(entry)}\n`);
}

/** The value that so many percent are at or below. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
