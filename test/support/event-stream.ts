import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';

export interface Told {
  id: string | undefined;
  event: string;
  data: Record<string, unknown>;
}

export interface EventStream {
  status: number;
  headers: Headers;
  /** What has come so far. */
  told: Told[];
  /** Resolves when the server has ended it. */
  ended: Promise<void>;
  until(event: string): Promise<Told>;
  hangUp(): void;
}

/** Reads server-sent events, as an EventSource does. Hangs up with the test. */
export async function openStream(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
  const leaving = new AbortController();
  onTestFinished(() => leaving.abort());
  const response = await fetch(url, { headers, signal: leaving.signal });
  const told: Told[] = [];
  return {
    status: response.status,
    headers: response.headers,
    told,
    ended: read(response, told).catch((error) => {
      if (!leaving.signal.aborted) throw error;
    }),
    until: (event) => eventually(event, async () => told.find((one) => one.event === event)),
    hangUp: () => leaving.abort(),
  };
}

async function read({ body }: Response, told: Told[]): Promise<void> {
  if (!body) return;
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop()!;
    told.push(...blocks.filter((block) => !block.startsWith(':')).map(parse));
  }
}

function parse(block: string): Told {
  const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)));
  return { id: fields.id, event: fields.event, data: JSON.parse(fields.data) };
}
