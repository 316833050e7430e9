import { once } from 'node:events';
import { request as ask, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Rng } from '../support/rng.ts';

/** How often which misfortune: shares of all requests. */
export interface Misfortunes {
  /** 503 SlowDown, nothing done. */
  busy: number;
  /** Half of the answer's body, then the end of the connection. */
  cutAnswer: number;
  /** Half of the upload arrives, then the end of the connection. */
  cutUpload: number;
  /** Done, and nobody ever says so. */
  lostAnswer: number;
  /** No answer, for as long as the other side waits. */
  stall: number;
}

const SLOW_DOWN =
  '<?xml version="1.0" encoding="UTF-8"?><Error><Code>SlowDown</Code><Message>Reduce your rate</Message></Error>';

/** Stands before an S3 and makes it a bad one. */
export async function badS3(endpoint: string, rng: Rng, shares: Misfortunes) {
  const counts: Record<string, number> = { fine: 0 };
  const draw = (): keyof Misfortunes | 'fine' => {
    let at = rng.next();
    for (const [name, share] of Object.entries(shares) as [keyof Misfortunes, number][]) {
      if (at < share) return name;
      at -= share;
    }
    return 'fine';
  };

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const fate = draw();
    counts[fate] = (counts[fate] ?? 0) + 1;
    const body = await buffer(request);
    if (fate === 'busy') return void response.writeHead(503, { 'content-type': 'application/xml' }).end(SLOW_DOWN);
    if (fate === 'stall') return; // the caller gives up, or is gone
    const { hostname, port } = new URL(endpoint);
    const { method, url, headers } = request;
    const upstream = ask({ hostname, port, method, path: url, headers });
    if (fate === 'cutUpload' && body.length > 0) {
      upstream.on('error', () => {});
      upstream.write(body.subarray(0, body.length / 2), () => upstream.destroy());
      return void response.destroy();
    }
    upstream.end(body);
    const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
    const whole = await buffer(answer);
    if (fate === 'lostAnswer') return void response.destroy();
    const head = { ...answer.headers };
    delete head['transfer-encoding'];
    // A HEAD has a length and no body.
    response.writeHead(answer.statusCode!, method === 'HEAD' ? head : { ...head, 'content-length': whole.length });
    if (fate !== 'cutAnswer' || whole.length < 2) return void response.end(whole);
    response.write(whole.subarray(0, whole.length / 2), () => response.destroy());
  }
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Requests by what became of them. */
    counts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
