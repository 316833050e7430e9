import type { Tap } from './proxy.ts';

/** A signed word of a worker, and what the API said to it, read off the wire. */
export interface Exchange {
  /** `<task>.<attempt>.<completed|failed|released>`, `<task>.claim.<claim>` or a sign of life. */
  id: string;
  status: number;
  /** What the report came to: accepted, replayed, retry or stale. */
  verdict: string | undefined;
  /** Of a claim's answer. */
  attempt: number | undefined;
}

/**
 * Reads HTTP/1.1 along, one request after the other as undici speaks it. An answer is handed on whole, or, when `judge`
 * says so, not at all: the work is done, and whoever asked for it never hears.
 */
export const readsExchanges =
  (judge: (exchange: Exchange) => 'drop' | undefined): (() => Tap) =>
  () => {
    let asked = '';
    let answer: Buffer = Buffer.alloc(0);
    return {
      asked(chunk) {
        asked += chunk.toString('latin1');
      },
      answered(chunk) {
        answer = Buffer.concat([answer, chunk]);
        const text = answer.toString('latin1');
        const head = text.indexOf('\r\n\r\n');
        const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
        // Not a plain answer (a stream of events, an upgrade): none of ours.
        if (head >= 0 && length === undefined) return flush();
        if (head < 0 || answer.length < head + 4 + Number(length)) return undefined;
        const id = /\r\nwebhook-id: (\S+)\r\n/i.exec(asked)?.[1];
        if (id === undefined) return flush();
        const attempt = /"attempt":(\d+)/.exec(text)?.[1];
        const verdict = judge({
          id,
          status: Number(text.slice(9, 12)),
          verdict: /"verdict":"(\w+)"/.exec(text)?.[1] ?? (text.slice(9, 12) === '409' ? 'stale' : undefined),
          attempt: attempt === undefined ? undefined : Number(attempt),
        });
        return verdict ?? flush();
      },
    };
    function flush(): Buffer {
      const whole = answer;
      asked = '';
      answer = Buffer.alloc(0);
      return whole;
    }
  };
