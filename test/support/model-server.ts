import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What a model server was asked. */
interface Asked {
  headers: IncomingHttpHeaders;
  body: Buffer;
}

type Answer = (response: ServerResponse, asked: Asked) => void | Promise<void>;

/** A model on a free loopback port that does what it is told, and remembers what it was asked. */
export async function modelServer(answer: Answer) {
  const asked: Asked[] = [];
  const state = { answer };
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const question = { headers: request.headers, body: await buffer(request) };
    asked.push(question);
    await state.answer(response, question);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/infer`,
    asked,
    /** From now on it answers so. */
    answers(next: Answer) {
      state.answer = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A plain answer. */
export const saying =
  (status: number, body: string | Buffer = '', headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(body);

/** Gives back what it got. */
export const echoing: Answer = (response, { body }) => void response.writeHead(200).end(body);
