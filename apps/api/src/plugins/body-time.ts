import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its bodies are files: they may take hours, as long as something comes. */
    takesFiles?: boolean;
  }
}

const BODY_MS = 30_000;

/** Ends requests whose bodies do not come. Node's own requestTimeout is one for all routes, and files take longer than JSON. */
export function bodyTime(app: FastifyInstance, limitMs = BODY_MS): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { raw } = request;
    const end = () => {
      if (!raw.complete) raw.destroy();
    };
    if (request.routeOptions.config.takesFiles) raw.setTimeout(limitMs, end);
    else if (!raw.complete) {
      const timer = setTimeout(end, limitMs);
      raw.once('close', () => clearTimeout(timer));
    }
    done();
  });
}
