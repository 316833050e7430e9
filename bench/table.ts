import type { Row } from './bench.ts';

/** As Markdown: medians, with the least and the most. A ratio is the median of the rounds' own ratios. */
export function tableOf(rows: readonly Row[]): string {
  const reference = rows.find((row) => row.reference);
  const lines = rows.map(({ way, cpuSeconds, wallSeconds, goal }) => [
    way,
    spread(cpuSeconds),
    spread(wallSeconds),
    reference
      ? spread(
          cpuSeconds.map((seconds, i) => seconds / reference.cpuSeconds[i]!),
          3,
        )
      : '',
    reference
      ? spread(
          wallSeconds.map((seconds, i) => seconds / reference.wallSeconds[i]!),
          3,
        )
      : '',
    goal === undefined ? '' : `≤ ${goal} ×`,
  ]);
  const all = [
    ['', 'CPU s', 'wall s', 'CPU ×', 'wall ×', 'goal'],
    ['---', '---', '---', '---', '---', '---'],
    ...lines,
  ];
  return all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const spread = (figures: readonly number[], digits = 2): string =>
  `${median(figures).toFixed(digits)} [${Math.min(...figures).toFixed(digits)}..${Math.max(...figures).toFixed(digits)}]`;
