import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service of document 004, as an operator sees it: its health, and its reset. */
export async function startService() {
  const asked: string[] = [];
  const service = { url: '', asked, health: { status: 200, body: { status: 'healthy' } as object } };
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const { status, body } =
      request.url === '/health'
        ? service.health
        : { status: 200, body: { message: 'done', files_removed: 45, tasks_purged: 20 } };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(service, {
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  });
}
