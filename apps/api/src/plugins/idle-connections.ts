import type { FastifyInstance } from 'fastify';

/** Fastify closes what is idle when it begins to stop; a connection that is answered a moment later would hold it up for a minute. */
const AGAIN_MS = 100;

/** Whoever keeps a connection for his next request does not keep us from stopping. */
export function idleConnections(app: FastifyInstance): void {
  let again: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    again = setInterval(() => app.server.closeIdleConnections(), AGAIN_MS);
  });
  app.addHook('onClose', async () => clearInterval(again));
}
