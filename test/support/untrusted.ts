import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchUntrusted, privateHosts, type Untrusted } from '@reverie/net';

/** A server on this machine, where nobody may reach it unless it is listed. */
export async function serve(listener: RequestListener, host = '127.0.0.1') {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, host, listening));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Asks as somebody who trusts nobody and has listed nothing. */
export const ASK: Untrusted = {
  method: 'GET',
  allowed: privateHosts(''),
  maxBytes: 64 * 1024,
  maxRedirects: 0,
  seconds: { connect: 2, idle: 2, total: 2 },
};

/** The status of the answer, or why there was none. */
export const outcome = (url: string, more: Partial<Untrusted> = {}) =>
  fetchUntrusted(url, { ...ASK, ...more }).then(
    async (answer) => {
      await answer[Symbol.asyncDispose]();
      return answer.status;
    },
    (error: Error & { because?: string }) => error.because ?? error.name,
  );
