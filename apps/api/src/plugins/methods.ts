import type { FastifyInstance } from 'fastify';

/** Remembers every route, so that a wrong method at a right address is told apart from a wrong address. */
export function methodsFor(app: FastifyInstance) {
  const routes: { pattern: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    if (url === '/') return; // its pattern would match '//'
    const pattern = new RegExp(
      `^${url
        .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll(/:[^/]+/g, '[^/]+')}/?$`,
    );
    routes.push({ pattern, methods: [method].flat() });
  });
  return {
    allowedAt: (path: string) => [
      ...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods)),
    ],
  };
}
