import type { Tap } from './proxy.ts';

/** A signed word of a worker, and what the API said to it, read off the wire. */
export interface Exchange {
  /** Whose it is: `worker1`. */
  worker: string;
  /** `<task>.<attempt>.<completed|failed|released>`, `<task>.claim.<claim>` or a sign of life. */
  id: string;
  status: number;
  /** What the report came to: accepted, replayed, retry or stale. */
  verdict: string | undefined;
  /** Of a claim's answer. */
  attempt: number | undefined;
}

export interface Ears {
  worker: string;
  /** A word is on its way to the API; 'drop' and it never gets there. */
  hear(id: string): 'drop' | undefined;
  /** It was answered; 'drop' and the work is done, and whoever asked for it never learns. */
  judge(exchange: Exchange): 'drop' | undefined;
}

/** Reads HTTP/1.1 along, one request after the other as undici speaks it, and hands answers on whole. */
export const readsExchanges =
  ({ worker, hear, judge }: Ears): (() => Tap) =>
  () => {
    let asked = '';
    let answer: Buffer = Buffer.alloc(0);
    let id: string | undefined;
    return {
      asked(chunk) {
        asked += chunk.toString('latin1');
        if (id !== undefined) return undefined;
        id = /\r\nwebhook-id: (\S+)\r\n/i.exec(asked)?.[1];
        return id === undefined ? undefined : hear(id);
      },
      answered(chunk) {
        answer = Buffer.concat([answer, chunk]);
        const text = answer.toString('latin1');
        const head = text.indexOf('\r\n\r\n');
        const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
        // Not a plain answer (a stream of events, an upgrade): none of ours.
        if (head >= 0 && length === undefined) return flush();
        if (head < 0 || answer.length < head + 4 + Number(length)) return undefined;
        if (id === undefined) return flush();
        const status = Number(text.slice(9, 12));
        const attempt = /"attempt":(\d+)/.exec(text)?.[1];
        const verdict = /"verdict":"(\w+)"/.exec(text)?.[1] ?? (status === 409 ? 'stale' : undefined);
        const exchange = { worker, id, status, verdict, attempt: attempt === undefined ? undefined : Number(attempt) };
        return judge(exchange) ?? flush();
      },
    };
    function flush(): Buffer {
      const whole = answer;
      asked = '';
      id = undefined;
      answer = Buffer.alloc(0);
      return whole;
    }
  };
