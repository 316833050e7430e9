import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';

const FOLDER = join(import.meta.dirname, '../console');

/** What is served; anything else in the folder (types, tests) stays here. */
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page where a person uses and watches Reverie. Every file is a route of its own, so no path can lead out of the folder. */
export function webConsole(app: FastifyInstance, { config }: { config: Pick<Config, 'publicUrl' | 'storage'> }): void {
  const policy = contentSecurityPolicy(mediaOrigins(config));
  const hidden = { config: { scope: 'public' as const }, logLevel: 'warn' as const, schema: { hide: true } as object };
  const home = `${new URL(config.publicUrl).pathname.replace(/\/$/, '')}/console`;

  app.get('/', hidden, async (_request, reply) => reply.redirect(home, 302));
  app.get('/console/', hidden, async (_request, reply) => reply.redirect(home, 301));
  for (const { path, body, type, etag } of consoleFiles()) {
    app.get(path === 'index.html' ? '/console' : `/console/${path}`, hidden, async (request, reply) => {
      reply
        .header('etag', etag)
        .header('cache-control', 'no-cache')
        .header('content-security-policy', policy)
        .type(type);
      return has(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(body);
    });
  }
}

function consoleFiles() {
  const paths = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  return paths.flatMap((path) => {
    const type = TYPES[extname(path)];
    if (!type) return [];
    const body = readFileSync(join(FOLDER, path));
    return [{ path, type, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }];
  });
}

/** `If-None-Match` is a list, and a proxy that compresses marks our tag as weak. */
const has = (header: string | undefined, etag: string) =>
  header?.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, ''))) ?? false;

/** Films and pictures may come from where the API says it is, and from the object storage it redirects to. */
export function mediaOrigins({ publicUrl, storage }: Pick<Config, 'publicUrl' | 'storage'>): string[] {
  const own = new URL(publicUrl).origin;
  if (storage.kind !== 's3') return [own];
  const { bucket, region, forcePathStyle, endpoint, publicEndpoint } = storage;
  const s3 = new URL(publicEndpoint ?? endpoint ?? `https://s3.${region}.amazonaws.com`);
  return [own, forcePathStyle ? s3.origin : `${s3.protocol}//${bucket}.${s3.host}`];
}

const contentSecurityPolicy = (media: string[]) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ${media.join(' ')}`, // parts of a file go straight to the storage
    `img-src 'self' ${media.join(' ')}`,
    `media-src 'self' ${media.join(' ')}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
