import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Callback } from '@reverie/contracts';
import { Webhook } from 'standardwebhooks';
import { eventually } from './eventually.ts';

/** A callback as it came. */
interface Received {
  id: string;
  body: Callback;
  /** Throws unless this secret signed it. */
  verify(secret: string): void;
  signatures: number;
}

export interface Receiver extends AsyncDisposable {
  url: string;
  received: Received[];
  /** What it answers from now on: a status, or whatever it likes. */
  answer: number | ((response: ServerResponse, callback: Received) => void);
  types(): string[];
}

/** Somebody who is called back, on this machine. */
export async function startReceiver(): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks).toString();
    const headers = request.headers as Record<string, string>;
    const callback: Received = {
      id: headers['webhook-id']!,
      body: JSON.parse(raw) as Callback,
      verify: (secret) => void new Webhook(secret).verify(raw, headers),
      signatures: headers['webhook-signature']!.split(' ').length,
    };
    receiver.received.push(callback);
    if (typeof receiver.answer === 'number') response.writeHead(receiver.answer).end('noted');
    else receiver.answer(response, callback);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=secret`,
    received: [],
    answer: 200,
    types: () => receiver.received.map(({ body }) => body.type),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return receiver;
}

/** Waits until so many callbacks have come. */
export const heard = (receiver: Receiver, count: number, seconds = 10) =>
  eventually(
    `${count} callbacks, there are ${receiver.received.length}`,
    async () => receiver.received.length >= count,
    { seconds },
  );
