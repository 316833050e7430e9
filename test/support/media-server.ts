import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** How a file is served; by default well: with its length, an ETag and ranges. */
export interface Served {
  bytes: Buffer;
  type?: string;
  /** False: without one. */
  etag?: string | false;
  lastModified?: string;
  /** False: a range is answered with the whole file. */
  ranges?: boolean;
  /** False: nobody knows how long it is. */
  length?: boolean;
  /** Each answer takes the next of these: after so many bytes the connection is cut. */
  cuts?: number[];
  /** Told before every answer. */
  onAsked?(nth: number): void;
  status?: number;
  headers?: Record<string, string>;
}

interface Asked {
  path: string;
  range: string | undefined;
  ifRange: string | undefined;
  ifMatch: string | undefined;
}

/** A server of files on this machine that misbehaves as it is told to, and remembers what it was asked. */
export async function mediaServer(files: Record<string, Served>, host = '127.0.0.1') {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const path = request.url!.slice(1).split('?')[0]!;
    const { range, 'if-range': ifRange, 'if-match': ifMatch } = request.headers;
    asked.push({ path, range, ifRange: ifRange?.toString(), ifMatch });
    const file = files[path];
    if (!file) return void response.writeHead(404).end('no such file');
    file.onAsked?.(asked.length);
    serve(file, request, response);
  });
  await new Promise<void>((listening) => server.listen(0, host, listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const { port } = server.address() as AddressInfo;
  return { port, asked, url: (path: string) => `http://127.0.0.1:${port}/${path}` };
}

function serve(file: Served, { headers: asks }: IncomingMessage, response: ServerResponse) {
  const { bytes, ranges = true, length = true, etag = '"one"', lastModified, cuts = [] } = file;
  const current = etag || lastModified;
  if (asks['if-match'] && asks['if-match'] !== current) {
    return void response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>'); // as S3 says it
  }
  const wanted = /^bytes=(\d+)-$/.exec(asks.range ?? '');
  const same = asks['if-range'] === undefined || asks['if-range'] === current;
  const start = ranges && wanted && same ? Number(wanted[1]) : 0;
  if (start > 0 && start >= bytes.length) {
    return void response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
  }
  const part = bytes.subarray(start);
  response.writeHead(file.status ?? (start > 0 ? 206 : 200), {
    'content-type': file.type ?? 'video/mp4',
    ...(etag && { etag }),
    ...(lastModified && { 'last-modified': lastModified }),
    ...(length && { 'content-length': part.length }),
    ...(start > 0 && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    ...file.headers,
  });
  const cut = cuts.shift();
  if (cut === undefined) return void response.end(part);
  // A client throws away what it has not read when the line is cut: it is given the time to.
  response.write(part.subarray(0, cut), () => setTimeout(() => response.destroy(), 80));
}

/** Sends for as long as anybody reads. */
export async function endlessServer() {
  let sent = 0;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4' });
    const chunk = Buffer.alloc(65_536, 1);
    const more = () => {
      do sent += chunk.length;
      while (response.write(chunk));
      response.once('drain', more);
    };
    more();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, sent: () => sent };
}
