import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Service } from '@reverie/models';

/** What came with a job: the fields of its form or JSON, its file among them. */
export interface Errand {
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent
  fields: any;
  file: { name: string; bytes: Buffer } | undefined;
}

type Reply = (response: ServerResponse) => void;

export interface RemoteService extends AsyncDisposable {
  url: string;
  service(seconds?: number): Service;
  /** `POST /jobs`, `GET /jobs/{id}` and so on, as they came. */
  asked: string[];
  errands: Errand[];
  /** What `GET /jobs/{id}` says, one after the other; the last again and again. */
  states: object[];
  /** What `download`, `text` and `transcription` give. */
  results: Record<string, Buffer | string | object>;
  /** How it answers the next requests, whatever they are; then it behaves again. */
  next(...replies: Reply[]): void;
}

/** Speaks document 004's contract for services on a free loopback port. */
export async function remoteService(id = 'child-1'): Promise<RemoteService> {
  const queued: Reply[] = [];
  let looks = 0;
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    remote.asked.push(`${request.method} ${path}`);
    const errand = request.method === 'POST' ? await errandOf(request) : undefined;
    const reply = queued.shift();
    if (reply) return reply(response);
    if (errand) {
      remote.errands.push(errand);
      return replying(200, { id, status: 'queued' })(response);
    }
    const what = new RegExp(`^/jobs/${id}/(\\w+)$`).exec(path)?.[1];
    if (what && what in remote.results) return replying(200, remote.results[what]!)(response);
    if (path !== `/jobs/${id}`) return replying(404, { detail: 'Not Found' })(response);
    if (request.method === 'DELETE') return replying(200, {})(response);
    return replying(200, remote.states[Math.min(looks++, remote.states.length - 1)]!)(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const remote: RemoteService = {
    url,
    service: (seconds = 20) => ({ url, seconds }),
    asked: [],
    errands: [],
    states: [{ status: 'completed', progress: 100 }],
    results: {},
    next: (...replies) => queued.push(...replies),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return remote;
}

export const replying =
  (status: number, body: Buffer | string | object, headers: Record<string, string> = {}): Reply =>
  (response) => {
    response.writeHead(status, headers);
    response.end(Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body));
  };

/** The line goes dead in the middle. */
export const hangingUp: Reply = (response) => {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('{"', () => response.destroy());
};

/** Nothing, for ever. */
export const silent: Reply = () => {};

async function errandOf(request: IncomingMessage): Promise<Errand> {
  const bytes = await buffer(request);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) return { fields: JSON.parse(bytes.toString()), file: undefined };
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const file = form.get('file') as File;
  form.delete('file');
  return {
    fields: Object.fromEntries(form),
    file: { name: file.name, bytes: Buffer.from(await file.arrayBuffer()) },
  };
}
