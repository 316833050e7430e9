import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import { resolve } from 'node:path';
import { startChild } from './child.ts';
import { findOnPath } from './find-on-path.ts';
import { type Server, startServer } from './server.ts';

export interface RedisOptions {
  /** A folder of its own; data found there is used again if durable. */
  dir: string;
  /** What findRedis gave. */
  binary: string;
  port?: number;
  durable?: boolean;
}

/** A server program to run a private process of. One that runs already is not ours to use. */
export const findRedis = (path: string | undefined = process.env.PATH): string | undefined =>
  findOnPath(['redis-server', 'valkey-server'], path);

const DURABLE = { '--appendonly': 'yes' };
const FORGETFUL = { '--appendonly': 'no', '--save': '' };

/** A Redis of our own, on loopback, in a form BullMQ is safe on. */
export function startRedis({ dir, binary, port, durable = true }: RedisOptions): Promise<Server> {
  const home = resolve(dir);
  mkdirSync(home, { recursive: true });
  const settings = {
    '--bind': '127.0.0.1',
    '--dir': home,
    '--maxmemory-policy': 'noeviction', // BullMQ loses jobs under any other
    ...(durable ? DURABLE : FORGETFUL),
  };
  return startServer({
    port,
    url: (port) => `redis://127.0.0.1:${port}`,
    ask: (port, { pid }) => askRedis(port, pid),
    start: (port) =>
      startChild({
        name: 'redis',
        dir: home,
        command: binary,
        args: ['--port', String(port), ...Object.entries(settings).flat()],
      }),
  });
}

async function askRedis(port: number, pid: number) {
  const socket = createConnection({ port, host: '127.0.0.1', timeout: 2000 });
  try {
    await once(socket, 'connect');
    socket.write('PING\r\nINFO server\r\nQUIT\r\n');
    const answer = Buffer.concat(await socket.on('timeout', () => socket.destroy()).toArray()).toString();
    // While it loads its file it answers -LOADING to PING, but INFO as ever.
    if (!answer.startsWith('+PONG') || !answer.includes(`process_id:${pid}\r`)) throw new Error('not ours, or not yet');
  } finally {
    socket.destroy();
  }
}
