import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
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
  const send = (request: FastifyRequest, reply: FastifyReply, { body, type, etag }: Served) => {
    reply.header('etag', etag).header('content-security-policy', policy).type(type);
    return has(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(body);
  };

  app.get('/console/', hidden, async (_request, reply) => reply.redirect(home, 301));
  for (const file of consoleFiles()) {
    app.get(file.path === 'index.html' ? '/console' : `/console/${file.path}`, hidden, async (request, reply) =>
      send(request, reply.header('cache-control', 'no-cache'), file),
    );
  }
  const player = served('hls.mjs', fileURLToPath(import.meta.resolve('hls.js/dist/hls.min.mjs')), TYPES['.js']!);
  app.get(`/console/${player.path}`, hidden, async (request, reply) =>
    send(request, reply.header('cache-control', PLAYER_CACHING), player),
  );
}

/** hls.js is large and seldom another one; either version does for a page that was opened before. */
const PLAYER_CACHING = `public, max-age=${7 * 86_400}`;

interface Served {
  path: string;
  body: Buffer;
  type: string;
  etag: string;
}

function served(path: string, file: string, type: string): Served {
  const body = readFileSync(file);
  return { path, type, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

function consoleFiles(): Served[] {
  const paths = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  return paths.flatMap((path) => {
    const type = TYPES[extname(path)];
    return type ? [served(path, join(FOLDER, path), type)] : [];
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
    `connect-src 'self' ${media.join(' ')}`, // parts of a file go straight to the storage; playlists and what they name come from it
    `img-src 'self' ${media.join(' ')}`,
    // hls.js gives a film to the browser as a MediaSource, whose address is a blob:, and makes its subtitle tracks
    // from an empty file as data:. Neither can run, nor leave the page.
    `media-src 'self' ${media.join(' ')} blob: data:`,
    // It takes films apart in this thread instead of a worker made from a blob, which would be a script from nowhere.
    "worker-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'", // hls.js needs none but for subtitles in TTML, and pods write WebVTT
  ].join('; ');
