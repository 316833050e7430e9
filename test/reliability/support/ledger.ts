import type { Exchange } from './exchanges.ts';

/** What a caller saw and what went over the workers' wires: the other half of the evidence, beside the rows. */
export interface Ledger {
  /** Every answer to a submit: key and id. */
  accepted: { key: string; id: string; status: number; ms: number }[];
  /** Every claim and report that was answered. */
  exchanges: Exchange[];
  saw(exchange: Exchange): void;
  /** Reports by what they came to. */
  verdicts(): Record<string, number>;
}

export function openLedger(): Ledger {
  const exchanges: Exchange[] = [];
  return {
    accepted: [],
    exchanges,
    saw: (exchange) => void exchanges.push(exchange),
    verdicts() {
      const count: Record<string, number> = {};
      for (const { id, status, verdict } of exchanges) {
        if (!reported(id)) continue;
        const name = verdict ?? `http ${status}`;
        count[name] = (count[name] ?? 0) + 1;
      }
      return count;
    },
  };
}

/** The task, attempt and status that a report's id names; undefined for a claim or a sign of life. */
export function reported(id: string): { task: string; attempt: number; status: string } | undefined {
  const match = /^([0-9a-f-]{36})\.(\d+)\.(completed|failed|released)$/.exec(id);
  return match ? { task: match[1]!, attempt: Number(match[2]), status: match[3]! } : undefined;
}
